export function generateDocs(): Map<string, string> {
  return new Map();
}
