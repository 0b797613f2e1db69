package s3

import (
	"net"
	"strings"
	"testing"
	"time"
)

// TestSilentServer: a server that takes requests and never answers is an error.
func TestSilentServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	patience = 50 * time.Millisecond
	defer func() { patience = time.Minute }()
	store, err := open("s3", map[string]string{
		"s3.endpoint": "http://" + listener.Addr().String(), "s3.access-key": "key", "s3.secret-key": "secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.List("bucket/key")
	if err == nil || !strings.Contains(err.Error(), "s3://bucket/key: ") || !strings.Contains(err.Error(), "timeout awaiting response headers") {
		t.Errorf("got %v", err)
	}
}
