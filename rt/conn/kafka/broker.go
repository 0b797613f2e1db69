package kafka

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/apiversions"
	"github.com/segmentio/kafka-go/sasl"
)

// dialer opens connections to brokers.
type dialer struct {
	clientID string
	timeout  time.Duration // for a connection, and for the answer to a request
	tls      *tls.Config   // nil: plain
	sasl     sasl.Mechanism
}

// broker is a connection to one broker. It is used by one goroutine.
//
// Requests are framed by kafka-go's protocol package. Its connection type isn't
// used beyond the handshake: it hides the bytes of fetched record sets, which
// are to be decoded here, without a copy.
type broker struct {
	conn     net.Conn
	r        *bufio.Reader
	clientID string
	timeout  time.Duration
	id       int32 // of the last request
	fetchV   int16
	produceV int16
	unwatch  func() bool
}

// dial connects to a broker and authenticates. The connection is closed when
// ctx ends.
func (d *dialer) dial(ctx context.Context, addr string) (*broker, error) {
	var raw net.Conn
	handshake := kafka.Dialer{
		ClientID:      d.clientID,
		Timeout:       d.timeout,
		SASLMechanism: d.sasl,
		DialFunc: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext(ctx, network, address)
			if err == nil && d.tls != nil {
				conn, err = d.encrypt(ctx, conn, address)
			}
			raw = conn
			return conn, err
		},
	}
	if _, err := handshake.DialContext(ctx, "tcp", addr); err != nil {
		return nil, fmt.Errorf("broker %s: %w", addr, err)
	}
	b := &broker{conn: raw, r: bufio.NewReaderSize(raw, 16<<10), clientID: d.clientID, timeout: d.timeout}
	b.unwatch = context.AfterFunc(ctx, func() { raw.Close() })
	versions, err := call[*apiversions.Response](b, 0, &apiversions.Request{})
	if err == nil {
		err = protocolError(versions.ErrorCode)
	}
	if err != nil {
		b.close()
		return nil, fmt.Errorf("broker %s: %w", addr, err)
	}
	for _, k := range versions.ApiKeys {
		switch protocol.ApiKey(k.ApiKey) {
		case protocol.Fetch:
			b.fetchV = min(k.MaxVersion, maxFetchVersion)
		case protocol.Produce:
			b.produceV = min(k.MaxVersion, maxProduceVersion)
		}
	}
	if b.fetchV < minFetchVersion || b.produceV < minProduceVersion {
		b.close()
		return nil, fmt.Errorf("broker %s is older than Kafka 0.11", addr)
	}
	return b, nil
}

func (d *dialer) encrypt(ctx context.Context, conn net.Conn, address string) (net.Conn, error) {
	config := d.tls.Clone()
	if host, _, err := net.SplitHostPort(address); err == nil && config.ServerName == "" {
		config.ServerName = host
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

func (b *broker) close() {
	b.unwatch()
	b.conn.Close()
}

// Read and Write make the connection what protocol.RoundTrip wants.
func (b *broker) Read(p []byte) (int, error)  { return b.r.Read(p) }
func (b *broker) Write(p []byte) (int, error) { return b.conn.Write(p) }

// call sends a request in the given version of its API and returns the answer.
func call[R protocol.Message](b *broker, version int16, req protocol.Message) (R, error) {
	var none R
	if err := b.conn.SetDeadline(time.Now().Add(b.timeout)); err != nil {
		return none, err
	}
	b.id++
	res, err := protocol.RoundTrip(b, version, b.id, b.clientID, req)
	if err != nil {
		return none, err
	}
	return res.(R), nil
}

// protocolError is the error that a code in an answer means; 0 is none.
func protocolError(code int16) error {
	if code == 0 {
		return nil
	}
	return kafka.Error(code)
}

// passing reports whether waiting and trying again may help.
func passing(err error) bool {
	var k kafka.Error
	if errors.As(err, &k) {
		return k.Temporary()
	}
	var offset *noOffset
	if errors.As(err, &offset) {
		return false
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return !dns.IsNotFound
	}
	var certificate *tls.CertificateVerificationError
	var plain tls.RecordHeaderError // the broker doesn't speak TLS
	return !errors.As(err, &certificate) && !errors.As(err, &plain)
}
