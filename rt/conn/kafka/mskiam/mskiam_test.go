package mskiam

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/apiversions"
	"github.com/segmentio/kafka-go/protocol/saslauthenticate"
	"github.com/segmentio/kafka-go/protocol/saslhandshake"
)

// broker takes one connection and authenticates it. It returns its address, and the
// mechanism and the bytes that the client sent.
func broker(t *testing.T) (addr string, mechanism, bytes chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	mechanism, bytes = make(chan string, 1), make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		for {
			version, id, _, req, err := protocol.ReadRequest(conn)
			if err != nil {
				return
			}
			var res protocol.Message
			switch req := req.(type) {
			case *apiversions.Request:
				keys := []apiversions.ApiKeyResponse{}
				for _, k := range []protocol.ApiKey{protocol.SaslHandshake, protocol.SaslAuthenticate} {
					keys = append(keys, apiversions.ApiKeyResponse{ApiKey: int16(k), MaxVersion: 1})
				}
				res = &apiversions.Response{ApiKeys: keys}
			case *saslhandshake.Request:
				mechanism <- req.Mechanism
				res = &saslhandshake.Response{Mechanisms: []string{req.Mechanism}}
			case *saslauthenticate.Request:
				bytes <- string(req.AuthBytes)
				res = &saslauthenticate.Response{AuthBytes: []byte(`{"version":"2020_10_22"}`)}
			}
			if err := protocol.WriteResponse(conn, version, id, res); err != nil {
				return
			}
		}
	}()
	return l.Addr().String(), mechanism, bytes
}

// TestExchange authenticates at a broker, which checks the signature.
func TestExchange(t *testing.T) {
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // nobody asks beyond this machine's loopback
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_SESSION_TOKEN", "session")
	m, err := newMechanism(t.Context(), "software.amazon.msk.auth.iam.IAMLoginModule required;", []string{"b-1.name.abc.c2.kafka.eu-west-1.amazonaws.com:9098"})
	if err != nil {
		t.Fatal(err)
	}
	addr, mechanism, bytes := broker(t)
	conn, err := (&kafka.Dialer{SASLMechanism: m, Timeout: 10 * time.Second}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if name := <-mechanism; name != "AWS_MSK_IAM" {
		t.Errorf("mechanism %s", name)
	}
	var sent map[string]string
	if err := json.Unmarshal([]byte(<-bytes), &sent); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"version": "2020_10_22", "host": "127.0.0.1", "action": "kafka-cluster:Connect", "x-amz-algorithm": "AWS4-HMAC-SHA256",
		"x-amz-security-token": "session", "x-amz-signedheaders": "host", "x-amz-expires": "300",
	} {
		if sent[key] != want {
			t.Errorf("%s is %q, want %q", key, sent[key], want)
		}
	}
	if c := sent["x-amz-credential"]; !strings.HasPrefix(c, "key/") || !strings.HasSuffix(c, "/eu-west-1/kafka-cluster/aws4_request") {
		t.Errorf("credential %s", c)
	}
	if want := signature(t, sent["x-amz-date"]); sent["x-amz-signature"] != want {
		t.Errorf("signature %s, want %s", sent["x-amz-signature"], want)
	}
}

// signature is what the broker expects of the client at a time.
func signature(t *testing.T, date string) string {
	t.Helper()
	at, err := time.Parse("20060102T150405Z", date)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodGet, "kafka://127.0.0.1/?Action=kafka-cluster%3AConnect&X-Amz-Expires=300", nil)
	if err != nil {
		t.Fatal(err)
	}
	const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" // SHA-256 of no bytes
	signed, _, err := signer.NewSigner().PresignHTTP(t.Context(), aws.Credentials{AccessKeyID: "key", SecretAccessKey: "secret", SessionToken: "session"}, req, nothing, "kafka-cluster", "eu-west-1", at)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("X-Amz-Signature")
}

func TestProfile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(file, []byte("[mine]\naws_access_key_id = of-profile\naws_secret_access_key = s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // nobody asks beyond this machine's loopback
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	t.Setenv("AWS_REGION", "us-west-2")
	jaas := `software.amazon.msk.auth.iam.IAMLoginModule required awsProfileName="mine";`
	m, err := newMechanism(t.Context(), jaas, []string{"localhost:9098"})
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%+v", m); !strings.Contains(text, "us-west-2") {
		t.Errorf("the region of the environment is missing: %s", text)
	}
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_CONFIG_FILE", file)
	if _, err := newMechanism(t.Context(), jaas, []string{"localhost:9098"}); err == nil || !strings.Contains(err.Error(), "AWS_REGION") {
		t.Errorf("without a region: %v", err)
	}
	if _, err := newMechanism(t.Context(), strings.Replace(jaas, "mine", "other", 1), []string{"localhost:9098"}); err == nil || !strings.Contains(err.Error(), "other") {
		t.Errorf("a profile that isn't there: %v", err)
	}
}
