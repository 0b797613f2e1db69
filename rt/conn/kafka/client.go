package kafka

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"

	"pyfc/rt/conn"
)

// client is what the settings of Kafka's own clients come to.
type client struct {
	dialer
	settings
	limits fetchLimits
	reset  string // auto.offset.reset: earliest, latest, none or ""
	commit bool   // offsets, when a checkpoint is complete
	open   time.Duration
}

// property reads one setting of Kafka's clients.
type property func(c *clientBuilder, value string) error

// properties are the settings that are known. A nil entry has a meaning for
// Kafka's Java client, but changes nothing here.
var properties = map[string]property{
	"auto.offset.reset": func(c *clientBuilder, v string) error {
		return c.oneOf(&c.reset, v, "earliest", "latest", "none")
	},
	"isolation.level": func(c *clientBuilder, v string) error {
		var level string
		err := c.oneOf(&level, v, "read_uncommitted", "read_committed")
		c.limits.committed = level == "read_committed"
		return err
	},
	"client.id":                      func(c *clientBuilder, v string) error { c.clientID = v; return nil },
	"fetch.min.bytes":                func(c *clientBuilder, v string) error { return c.bytes(&c.limits.minBytes, v) },
	"fetch.max.bytes":                func(c *clientBuilder, v string) error { return c.bytes(&c.limits.maxBytes, v) },
	"max.partition.fetch.bytes":      func(c *clientBuilder, v string) error { return c.bytes(&c.limits.partitionBytes, v) },
	"fetch.max.wait.ms":              func(c *clientBuilder, v string) error { return c.millis(&c.limits.maxWait, v) },
	"request.timeout.ms":             func(c *clientBuilder, v string) error { return c.millis(&c.timeout, v) },
	"default.api.timeout.ms":         func(c *clientBuilder, v string) error { return c.millis(&c.open, v) },
	"commit.offsets.on.checkpoint":   func(c *clientBuilder, v string) error { return c.boolean(&c.commit, v) },
	"metadata.max.age.ms":            func(c *clientBuilder, v string) error { return c.millis(&c.maxAge, v) },
	"linger.ms":                      func(c *clientBuilder, v string) error { return c.millis(&c.linger, v) },
	"delivery.timeout.ms":            func(c *clientBuilder, v string) error { return c.millis(&c.delivery, v) },
	"max.request.size":               func(c *clientBuilder, v string) error { return c.maxRequest(v) },
	"acks":                           func(c *clientBuilder, v string) error { return c.acknowledged(v) },
	"compression.type":               func(c *clientBuilder, v string) error { return c.compression(v) },
	"security.protocol":              func(c *clientBuilder, v string) error { c.protocol = strings.ToUpper(v); return nil },
	"sasl.mechanism":                 func(c *clientBuilder, v string) error { c.mechanism = v; return nil },
	"sasl.jaas.config":               func(c *clientBuilder, v string) error { c.jaas = v; return nil },
	"ssl.truststore.type":            func(c *clientBuilder, v string) error { return c.pemOnly("ssl.truststore.type", v) },
	"ssl.truststore.location":        func(c *clientBuilder, v string) error { c.trustFile = v; return nil },
	"ssl.truststore.certificates":    func(c *clientBuilder, v string) error { c.trust = []byte(v); return nil },
	"ssl.keystore.type":              func(c *clientBuilder, v string) error { return c.pemOnly("ssl.keystore.type", v) },
	"ssl.keystore.location":          func(c *clientBuilder, v string) error { c.keyFile = v; return nil },
	"ssl.keystore.certificate.chain": func(c *clientBuilder, v string) error { c.chain = []byte(v); return nil },
	"ssl.keystore.key":               func(c *clientBuilder, v string) error { c.key = []byte(v); return nil },
	"ssl.endpoint.identification.algorithm": func(c *clientBuilder, v string) error {
		c.anyHost = v == ""
		return nil
	},

	"zookeeper.connect": nil, "enable.auto.commit": nil, "auto.commit.interval.ms": nil,
	"key.deserializer": nil, "value.deserializer": nil, "key.serializer": nil, "value.serializer": nil,
	"session.timeout.ms": nil, "heartbeat.interval.ms": nil, "max.poll.records": nil, "max.poll.interval.ms": nil,
	"reconnect.backoff.ms": nil, "reconnect.backoff.max.ms": nil, "retry.backoff.ms": nil,
	"connections.max.idle.ms": nil, "receive.buffer.bytes": nil, "send.buffer.bytes": nil, "check.crcs": nil,
	"client.dns.lookup": nil, "client.rack": nil, "exclude.internal.topics": nil, "allow.auto.create.topics": nil,
	"partition.assignment.strategy": nil, "group.instance.id": nil, "partition.discovery.interval.ms": nil,
	"flink.partition-discovery.interval-millis": nil, "retries": nil, "batch.size": nil, "transaction.timeout.ms": nil,
	"buffer.memory": nil, "enable.idempotence": nil, "max.in.flight.requests.per.connection": nil, "max.block.ms": nil,
	"partitioner.class": nil, "partitioner.ignore.keys": nil, "partitioner.adaptive.partitioning.enable": nil, "compression.level": nil,
	"ssl.protocol": nil, "ssl.enabled.protocols": nil, "sasl.client.callback.handler.class": nil,
}

// clientBuilder gathers the settings before they are put together.
type clientBuilder struct {
	client
	servers                   []string
	protocol, mechanism, jaas string
	trustFile, keyFile        string
	trust, chain, key         []byte
	anyHost                   bool
}

// client reads the settings of Kafka's clients, with the defaults of Kafka's
// consumer and producer, but for batches: they are larger. It opens no file: the settings are also checked where the job is
// built.
func (o *Options) client() (*clientBuilder, []conn.OptionError) {
	c := &clientBuilder{client: client{
		dialer: dialer{clientID: "pyfc", timeout: 30 * time.Second},
		limits: fetchLimits{minBytes: 1, maxBytes: 50 << 20, partitionBytes: 1 << 20, maxWait: 500 * time.Millisecond},
		settings: settings{acks: ackAll, batchBytes: 256 << 10, maxMessage: 1 << 20, delivery: 2 * time.Minute,
			linger: 5 * time.Millisecond, maxAge: 5 * time.Minute},
		commit: true,
		open:   60 * time.Second,
	}, servers: o.Servers}
	var faults []conn.OptionError
	for _, key := range slices.Sorted(maps.Keys(o.Properties)) {
		set, known := properties[key]
		switch {
		case !known:
			faults = append(faults, conn.OptionError{Key: key, Kind: conn.Ignored, Message: fmt.Sprintf("the Kafka property %s isn't known and has no effect", key)})
		case set != nil:
			if err := set(c, o.Properties[key]); err != nil {
				faults = append(faults, conn.OptionError{Key: key, Kind: conn.BadValue, Message: fmt.Sprintf("the Kafka property %s: %v", key, err)})
			}
		}
	}
	if key, err := c.secure(); err != nil {
		fault := conn.OptionError{Key: key, Kind: conn.BadValue, Message: err.Error()}
		if errors.Is(err, errMechanism) {
			fault.Kind = conn.Planned
		}
		faults = append(faults, fault)
	}
	return c, faults
}

func (c *clientBuilder) oneOf(into *string, v string, allowed ...string) error {
	for _, a := range allowed {
		if strings.EqualFold(v, a) {
			*into = a
			return nil
		}
	}
	return fmt.Errorf("%q is not one of %s", v, strings.Join(allowed, ", "))
}

func (c *clientBuilder) bytes(into *int32, v string) error {
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is not a number of bytes", v)
	}
	*into = int32(n)
	return nil
}

func (c *clientBuilder) millis(into *time.Duration, v string) error {
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is not a number of milliseconds", v)
	}
	*into = time.Duration(n) * time.Millisecond
	return nil
}

// ackAll and ackLeader say whose copies of a batch are waited for.
const (
	ackAll    = -1
	ackLeader = 1
)

// acknowledged reads acks. A producer that waits for nobody can't know what it
// has written, so that the leader is the least.
func (c *clientBuilder) acknowledged(v string) error {
	var word string
	err := c.oneOf(&word, v, "all", "-1", "1", "0")
	if word == "1" || word == "0" {
		c.acks = ackLeader
	}
	return err
}

func (c *clientBuilder) compression(v string) error {
	names := slices.Sorted(maps.Keys(codecs))
	var name string
	err := c.oneOf(&name, v, names...)
	c.codec = codecs[name]
	return err
}

// maxRequest reads max.request.size, which batches keep to, too.
func (c *clientBuilder) maxRequest(v string) error {
	var n int32
	err := c.bytes(&n, v)
	c.maxMessage, c.batchBytes = int(n), min(c.batchBytes, int(n))
	return err
}

func (c *clientBuilder) boolean(into *bool, v string) (err error) {
	*into, err = strconv.ParseBool(strings.ToLower(v))
	return err
}

func (c *clientBuilder) pemOnly(key, v string) error {
	if v != "PEM" {
		return fmt.Errorf("%s is %q, but only PEM can be read; convert the store with keytool and openssl", key, v)
	}
	return nil
}

// load reads the certificates and keys that the settings name, and makes the
// mechanism that needs Amazon's credentials.
func (c *clientBuilder) load() (_ client, err error) {
	if strings.HasSuffix(c.protocol, "SSL") {
		c.tls, err = c.tlsConfig()
	}
	if err == nil && c.mechanism == MSKIAM && strings.HasPrefix(c.protocol, "SASL") {
		if newMSKIAM == nil {
			return c.client, fmt.Errorf("the binary was built without %s; properties.sasl.mechanism must name it at build", MSKIAM)
		}
		c.sasl, err = newMSKIAM(context.Background(), c.jaas, c.servers)
	}
	return c.client, err
}

// errMechanism is about an authentication that isn't built.
var errMechanism = errors.New("isn't supported yet: PLAIN and AWS_MSK_IAM are")

// MSKIAM is the mechanism of Amazon's managed Kafka. What it needs is only linked
// into binaries whose tables name it.
const MSKIAM = "AWS_MSK_IAM"

// newMSKIAM makes the mechanism, where it is linked.
var newMSKIAM func(ctx context.Context, jaas string, servers []string) (sasl.Mechanism, error)

// RegisterMSKIAM is called where the mechanism is linked. It gets the client's
// sasl.jaas.config and the brokers.
func RegisterMSKIAM(make func(ctx context.Context, jaas string, servers []string) (sasl.Mechanism, error)) {
	newMSKIAM = make
}

// links has the package of the mechanism, unless the options name another one for
// sure.
var links = []conn.Link{{Package: "pyfc/rt/conn/kafka/mskiam", For: func(options map[string]string) bool {
	for _, key := range []string{"properties.sasl.mechanism", "connector.properties.sasl.mechanism"} {
		if mechanism, given := options[key]; given && mechanism != "PLAIN" {
			return true
		}
	}
	return false
}}}

// secure sets up authentication. It returns the property that is at fault.
func (c *clientBuilder) secure() (key string, err error) {
	switch c.protocol {
	case "", "PLAINTEXT", "SASL_PLAINTEXT", "SSL", "SASL_SSL":
	default:
		return "security.protocol", fmt.Errorf("security.protocol %q is not one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL", c.protocol)
	}
	if !strings.HasPrefix(c.protocol, "SASL") {
		return "", nil
	}
	switch c.mechanism {
	case MSKIAM:
		return "", nil // made when the job starts
	case "PLAIN":
	default:
		return "sasl.mechanism", fmt.Errorf("sasl.mechanism %q %w", c.mechanism, errMechanism)
	}
	user, password := JAASValue(c.jaas, "username"), JAASValue(c.jaas, "password")
	if user == "" {
		return "sasl.jaas.config", fmt.Errorf("sasl.jaas.config names no username")
	}
	c.sasl = plain.Mechanism{Username: user, Password: password}
	return "", nil
}

// JAASValue finds name="value" in a JAAS configuration; it is empty where there is
// none.
func JAASValue(config, name string) string {
	m := regexp.MustCompile(`\b` + name + `\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))`).FindStringSubmatch(config)
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1]+m[2], `\"`, `"`)
}

// tlsConfig reads certificates and keys in PEM form.
func (c *clientBuilder) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.anyHost {
		config.InsecureSkipVerify = true
		config.VerifyConnection = c.verifyChain(config)
	}
	load := func(path string, into *[]byte) error {
		if path == "" {
			return nil
		}
		data, err := os.ReadFile(path)
		*into = data
		return err
	}
	if err := load(c.trustFile, &c.trust); err != nil {
		return nil, err
	}
	if err := load(c.keyFile, &c.key); err != nil {
		return nil, err
	}
	if len(c.trust) > 0 {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(c.trust) {
			return nil, fmt.Errorf("the trust store holds no certificate in PEM form")
		}
	}
	if len(c.key) > 0 {
		chain := c.chain
		if len(chain) == 0 {
			chain = c.key // one file with both
		}
		pair, err := tls.X509KeyPair(chain, c.key)
		if err != nil {
			return nil, fmt.Errorf("key store: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// verifyChain checks a broker's certificates but not its name, which an empty
// ssl.endpoint.identification.algorithm asks for.
func (c *clientBuilder) verifyChain(config *tls.Config) func(tls.ConnectionState) error {
	return func(s tls.ConnectionState) error {
		opts := x509.VerifyOptions{Roots: config.RootCAs, Intermediates: x509.NewCertPool()}
		for _, cert := range s.PeerCertificates[1:] {
			opts.Intermediates.AddCert(cert)
		}
		_, err := s.PeerCertificates[0].Verify(opts)
		return err
	}
}
