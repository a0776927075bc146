import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * The textbook programs in Java (JDK only): java Textbook.java MODE …
 *
 * idle-server PORT IDLE_MS            answers POSTs; closes connections that are idle for so long
 * posts URL COUNT KEEPALIVE IDLE_MS   POSTs every 200 to 300 ms over a kept-alive connection
 * closing-server PORT                 closes right after its first read
 * writes-again HOST:PORT              writes again a second after its first write
 * tells-apart HOST:PORT …             says whether each connect or read was refused, reset or else
 *
 * Each error is one line of JSON: {"error": …, "code": …}.
 */
public class Textbook {
  public static void main(String[] given) throws Exception {
    switch (given[0]) {
      case "idle-server" -> idleServer(Integer.parseInt(given[1]), Integer.parseInt(given[2]));
      case "posts" -> posts(given[1], Integer.parseInt(given[2]), given[3].equals("true"), Integer.parseInt(given[4]));
      case "closing-server" -> closingServer(Integer.parseInt(given[1]));
      case "writes-again" -> writesAgain(given[1]);
      case "tells-apart" -> {
        for (int i = 1; i < given.length; i++) tellsApart(given[i]);
      }
      default -> throw new IllegalArgumentException(given[0]);
    }
  }

  /** HTTP/1.1 as far as the client above needs it; the JDK's own server cannot close after less than a second. */
  static void idleServer(int port, int idle) throws IOException {
    try (ServerSocket listener = new ServerSocket(port)) {
      System.out.println("ready");
      while (true) {
        Socket connection = listener.accept();
        new Thread(() -> serve(connection, idle)).start();
      }
    }
  }

  static void serve(Socket connection, int idle) {
    try (connection) {
      // A connection that has not been used yet is not idle: its client may be slow to start.
      connection.setSoTimeout(10_000);
      byte[] buffer = new byte[65536];
      int held = 0;
      while (true) {
        int read = connection.getInputStream().read(buffer, held, buffer.length - held);
        if (read < 0) return;
        held += read;
        String text = new String(buffer, 0, held, StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n");
        if (head < 0 || held < head + 4 + 20) continue;
        held = 0;
        connection.setSoTimeout(idle);
        connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n".getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException idleOrGone) {
      // closed by the try
    }
  }

  static void posts(String url, int count, boolean keepAlive, int idle) throws InterruptedException {
    // The JDK's client keeps idle connections for whole seconds (jdk.httpclient.keepalive.timeout): a fresh client has fresh ones.
    HttpClient client = null;
    long used = 0;
    int failed = 0;
    for (int i = 0; i < count; i++) {
      boolean stale = idle > 0 && System.nanoTime() - used > idle * 1_000_000L;
      if (client == null || !keepAlive || stale) client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString("x".repeat(20))).build();
      try {
        client.send(request, HttpResponse.BodyHandlers.discarding());
      } catch (IOException error) {
        failed++;
        report(error);
      }
      used = System.nanoTime();
      Thread.sleep(200 + (i * 37) % 101);
    }
    System.out.println("done: " + (count - failed) + " of " + count + " without an error");
    System.exit(0);
  }

  static void closingServer(int port) throws IOException {
    try (ServerSocket listener = new ServerSocket(port)) {
      System.out.println("ready");
      while (true) {
        try (Socket connection = listener.accept()) {
          connection.getInputStream().read(new byte[1024]);
        }
      }
    }
  }

  static void writesAgain(String address) throws Exception {
    try (Socket connection = connect(address)) {
      for (int wait : new int[] {1000, 100, 50}) {
        connection.getOutputStream().write("a line\n".getBytes(StandardCharsets.US_ASCII));
        Thread.sleep(wait);
      }
      if (connection.getInputStream().read() < 0) System.out.println("end of file");
    } catch (IOException error) {
      report(error);
    }
    System.out.println("done");
  }

  static void tellsApart(String address) {
    String said;
    try (Socket connection = connect(address)) {
      connection.setSoTimeout(2000);
      connection.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      said = connection.getInputStream().read() < 0 ? "closed" : "answered";
    } catch (ConnectException error) {
      said = "refused";
      report(error);
    } catch (SocketTimeoutException error) {
      said = "timed out";
      report(error);
    } catch (SocketException error) {
      said = String.valueOf(error.getMessage()).contains("reset") ? "reset" : "something else";
      report(error);
    } catch (IOException error) {
      said = "something else";
      report(error);
    }
    System.out.println(address + " " + said);
  }

  static Socket connect(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    Socket connection = new Socket();
    connection.connect(new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))), 2000);
    return connection;
  }

  static void report(Throwable error) {
    StringBuilder words = new StringBuilder();
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (words.length() > 0) words.append(" <- ");
      words.append(each.getClass().getName()).append(": ").append(each.getMessage());
    }
    String text = words.toString();
    String code = text.contains("reset") ? "ECONNRESET" : text.contains("refused") ? "ECONNREFUSED" : text.contains("Broken pipe") ? "EPIPE" : text.contains(EOFException.class.getSimpleName()) ? "EOF" : "";
    System.out.println("{\"error\": \"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + "\", \"code\": \"" + code + "\"}");
  }
}
