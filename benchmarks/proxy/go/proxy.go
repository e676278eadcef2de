// Go's own reverse proxy, with as many idle connections as the load has.
package main

import (
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
)

func to(port string) http.Handler {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "127.0.0.1:" + port})
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 128
	proxy.Transport = transport
	return proxy
}

// Arguments: HTTP port, HTTPS port, origin port, port of the silent origin, chain, private key.
func main() {
	http.Handle("/silent", to(os.Args[4]))
	http.Handle("/", to(os.Args[3]))
	go func() {
		log.Fatal(http.ListenAndServeTLS("127.0.0.1:"+os.Args[2], os.Args[5], os.Args[6], nil))
	}()
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
