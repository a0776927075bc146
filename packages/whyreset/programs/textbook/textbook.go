// The textbook programs in Go (standard library only).
//
//	textbook idle-server PORT IDLE_MS          answers POSTs; closes connections that are idle for so long
//	textbook posts URL COUNT KEEPALIVE IDLE_MS POSTs every 200 to 300 ms over a kept-alive connection
//	textbook closing-server PORT               closes right after its first read
//	textbook writes-again HOST:PORT            writes again a second after its first write
//	textbook tells-apart HOST:PORT ...         says whether each connect or read was refused, reset or else
//
// Each error is one line of JSON: {"error": …, "code": …}.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	arguments := os.Args[2:]
	switch os.Args[1] {
	case "idle-server":
		idleServer(arguments[0], milliseconds(arguments[1]))
	case "posts":
		posts(arguments[0], number(arguments[1]), arguments[2] == "true", milliseconds(arguments[3]))
	case "closing-server":
		closingServer(arguments[0])
	case "writes-again":
		writesAgain(arguments[0])
	case "tells-apart":
		for _, address := range arguments {
			tellsApart(address)
		}
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return n
}

func milliseconds(text string) time.Duration { return time.Duration(number(text)) * time.Millisecond }

func idleServer(port string, idle time.Duration) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "ok\n")
	})
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	server := &http.Server{Handler: handler, IdleTimeout: idle}
	log.Fatal(server.Serve(listener))
}

func posts(url string, count int, keepAlive bool, idle time.Duration) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: !keepAlive, IdleConnTimeout: idle}}
	failed := 0
	for i := 0; i < count; i++ {
		response, err := client.Post(url, "text/plain", strings.NewReader(strings.Repeat("x", 20)))
		if err != nil {
			failed++
			report(err)
		} else {
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
		time.Sleep(time.Duration(200+(i*37)%101) * time.Millisecond)
	}
	fmt.Printf("done: %d of %d without an error\n", count-failed, count)
}

func closingServer(port string) {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		connection.Read(make([]byte, 1024))
		connection.Close()
	}
}

func writesAgain(address string) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		report(err)
		return
	}
	for i := 0; i < 3; i++ {
		if _, err = connection.Write([]byte("a line\n")); err != nil {
			report(err)
			break
		}
		time.Sleep(time.Second / time.Duration(1+i*9))
	}
	if _, err = connection.Read(make([]byte, 1024)); err != nil {
		report(err)
	}
	fmt.Println("done")
}

func tellsApart(address string) {
	connection, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err == nil {
		connection.SetDeadline(time.Now().Add(2 * time.Second))
		connection.Write([]byte("hello\n"))
		_, err = connection.Read(make([]byte, 1024))
	}
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		fmt.Println(address, "refused")
	case errors.Is(err, syscall.ECONNRESET):
		fmt.Println(address, "reset")
	case errors.Is(err, io.EOF):
		fmt.Println(address, "closed")
	case errors.As(err, &timeout) && timeout.Timeout():
		fmt.Println(address, "timed out")
	default:
		fmt.Println(address, "something else")
	}
	if err != nil {
		report(err)
	}
}

func report(err error) {
	code := ""
	var errno syscall.Errno
	if errors.As(err, &errno) {
		code = map[syscall.Errno]string{syscall.ECONNRESET: "ECONNRESET", syscall.ECONNREFUSED: "ECONNREFUSED", syscall.EPIPE: "EPIPE"}[errno]
	} else if errors.Is(err, io.EOF) {
		code = "EOF"
	}
	line, _ := json.Marshal(map[string]string{"error": err.Error(), "code": code})
	fmt.Println(string(line))
}
