// The load of the bench by Go's own client: plan and result as in plan.ts.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

type plan struct {
	URL      string     `json:"url"`
	Method   string     `json:"method"`
	Workers  int        `json:"workers"`
	PauseMs  [2]float64 `json:"pauseMs"`
	Seconds  float64    `json:"seconds"`
	Requests int        `json:"requests"`
}

type result struct {
	Requests  int            `json:"requests"`
	Errors    int            `json:"errors"`
	Codes     map[string]int `json:"codes"`
	Failed    []string       `json:"failed"`
	Recovered int            `json:"recovered"`
	Attempts  *int           `json:"attempts"`
	Learned   *int           `json:"learned"`
	Guard     *string        `json:"guard"`
	Proofs    int            `json:"proofs"`
	Said      []string       `json:"saidUnexecuted"`
}

func kind(err error) string {
	text := err.Error()
	for _, known := range []string{"EOF", "connection reset by peer", "broken pipe", "connection refused"} {
		if strings.Contains(text, known) {
			return known
		}
	}
	return text
}

func main() {
	var p plan
	if err := json.Unmarshal([]byte(os.Args[1]), &p); err != nil {
		panic(err)
	}
	r := result{Codes: map[string]int{}, Failed: []string{}, Said: []string{}}
	var lock sync.Mutex
	began := 0
	body := bytes.Repeat([]byte("x"), 59)
	until := time.Now().Add(time.Duration(p.Seconds * float64(time.Second)))
	ms := func(value float64) time.Duration { return time.Duration(value * float64(time.Millisecond)) }

	send := func(client *http.Client, id string) error {
		var reader io.Reader
		if p.Method == "POST" {
			reader = bytes.NewReader(body)
		}
		request, err := http.NewRequest(p.Method, p.URL, reader)
		if err != nil {
			return err
		}
		request.Header.Set("x-id", id)
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}

	var group sync.WaitGroup
	for worker := 0; worker < p.Workers; worker++ {
		group.Add(1)
		go func(seed int64) {
			defer group.Done()
			dice := rand.New(rand.NewSource(time.Now().UnixNano() + seed))
			client := &http.Client{Transport: &http.Transport{}}
			time.Sleep(ms(dice.Float64() * p.PauseMs[1]))
			for {
				lock.Lock()
				if !time.Now().Before(until) && began >= p.Requests {
					lock.Unlock()
					return
				}
				began++
				id := fmt.Sprintf("%d-%d", os.Getpid(), began)
				lock.Unlock()
				err := send(client, id)
				lock.Lock()
				r.Requests++
				if err != nil {
					r.Errors++
					r.Codes[kind(err)]++
					r.Failed = append(r.Failed, id)
				}
				lock.Unlock()
				time.Sleep(ms(p.PauseMs[0] + dice.Float64()*(p.PauseMs[1]-p.PauseMs[0])))
			}
		}(int64(worker))
	}
	group.Wait()
	json.NewEncoder(os.Stdout).Encode(r)
}
