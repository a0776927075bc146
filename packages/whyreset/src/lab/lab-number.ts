/** Environment variable with the number of a lab among several at once. */
export const LAB_NUMBER = 'WHYRESET_LAB_NUMBER';
