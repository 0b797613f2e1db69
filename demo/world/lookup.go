package world

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

var provinces = []string{"北京市", "河北省", "广东省", "西藏自治区", "浙江省"}

// provinceOf is what the look-up service knows of an address. Addresses abroad
// have no province, but a remark.
func provinceOf(ip string) string {
	pro, remark := answerFor(ip)
	if pro != "" {
		return pro
	}
	return remark
}

func answerFor(ip string) (province, remark string) {
	h := fnv.New32a()
	h.Write([]byte(ip))
	if n := h.Sum32() % 12; n < uint32(len(provinces)*2) {
		return provinces[n/2], ""
	}
	return "", "noprovince"
}

// Lookup stands in for the look-up service. It is reached as a proxy, so that
// scripts keep their URLs; it answers as the real one does: JavaScript around
// JSON, in GBK.
type Lookup struct {
	Addr   string // HOST:PORT
	server *http.Server
	delay  atomic.Int64 // nanoseconds per answer
	asked  atomic.Int64
}

// StartLookup serves on a free loopback port until Close.
func StartLookup() (*Lookup, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Lookup{Addr: l.Addr().String()}
	s.server = &http.Server{Handler: s}
	go func() { _ = s.server.Serve(l) }() // ends by Close
	return s, nil
}

// Close ends the service, and connections of killed workers with it.
func (s *Lookup) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close()
	}
}

// Delay makes every answer take this long.
func (s *Lookup) Delay(d time.Duration) { s.delay.Store(int64(d)) }

// Asked is the number of look-ups that have begun.
func (s *Lookup) Asked() int64 { return s.asked.Load() }

// ServeHTTP answers for the address in the only query parameter.
func (s *Lookup) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	time.Sleep(time.Duration(s.delay.Load()))
	ip := ""
	for _, v := range r.URL.Query() {
		ip = v[0]
	}
	if net.ParseIP(ip) == nil {
		http.Error(w, "which address?", http.StatusBadRequest)
		return
	}
	pro, remark := answerFor(ip)
	body, err := json.Marshal(map[string]string{"ip": ip, "pro": pro, "err": remark})
	if err == nil {
		body, err = simplifiedchinese.GBK.NewEncoder().Bytes(fmt.Appendf(nil, "\r\n\r\nif(window.IPCallBack) {IPCallBack(%s);}\r\n", body))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(body) // the asker may have been killed
}
