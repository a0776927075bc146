package main
func main() {
	srv := &http.Server{
		Addr:         ":9000",
		ReadTimeout:  5 * time.Second,
		WriteTimeout: 30 * time.Second,
	}
	_ = srv
	tr := &http.Transport{IdleConnTimeout: 90 * time.Second}
	c := &http.Client{Transport: tr}
	c.Get("http://orders:9000/x")
}
