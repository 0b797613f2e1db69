package kafka

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/conn"
)

func TestOptionsAreThoseOfFlink(t *testing.T) {
	// The 25 options that the documentation of Flink's connector has.
	documented := `connector topic topic-pattern properties.bootstrap.servers properties.group.id properties.* format
		key.format key.fields key.fields-prefix value.format value.fields-include scan.startup.mode
		scan.startup.specific-offsets scan.startup.timestamp-millis scan.bounded.mode scan.bounded.specific-offsets
		scan.bounded.timestamp-millis scan.topic-partition-discovery.interval scan.parallelism sink.partitioner
		sink.semantic sink.delivery-guarantee sink.transactional-id-prefix sink.parallelism`
	declared := map[string]conn.Option{}
	for _, o := range conn.Describe(&Options{}) {
		if o.Doc == "" {
			t.Errorf("%s%s has no description", o.Key, o.Legacy)
		}
		if o.Key != "" {
			declared[o.Key] = o
		}
	}
	names := strings.Fields(documented)
	for _, key := range names {
		if _, ok := declared[key]; !ok {
			t.Errorf("%s isn't declared", key)
		}
	}
	if len(names) != 25 || len(declared) != 25 {
		t.Errorf("%d documented, %d declared", len(names), len(declared))
	}
}

func TestCheck(t *testing.T) {
	base := map[string]string{"connector": "kafka", "topic": "a", "properties.bootstrap.servers": "h:1", "format": "csv", "scan.startup.mode": "earliest-offset"}
	for _, c := range []struct {
		change string // "key=value", or "key" to take it out
		kind   conn.OptionFault
		key    string
		say    string
	}{
		{"scan.startup.mode", conn.MissingOption, "properties.group.id", "Property group.id is required"},
		{"topic", conn.MissingOption, "topic", "needs a topic"},
		{"topic-pattern=a.*", conn.BadValue, "topic-pattern", "exclude each other"},
		{"scan.startup.mode=timestamp", conn.MissingOption, "scan.startup.timestamp-millis", "needs"},
		{"scan.bounded.mode=specific-offsets", conn.MissingOption, "scan.bounded.specific-offsets", "needs"},
		{"scan.startup.specific-offsets=partition:0;offset:3", conn.BadValue, "scan.startup.specific-offsets", "partition:0,offset:42"},
		{"properties.isolation.level=serializable", conn.BadValue, "properties.isolation.level", "read_committed"},
		{"properties.auto.offset.reset=smallest", conn.BadValue, "properties.auto.offset.reset", "earliest, latest, none"},
		{"properties.linger=5", conn.Ignored, "properties.linger", "has no effect"},
		{"properties.security.protocol=SASL_PLAINTEXT", conn.Planned, "properties.sasl.mechanism", "PLAIN and AWS_MSK_IAM are"},
		{"properties.security.protocol=KERBEROS", conn.BadValue, "properties.security.protocol", "SASL_SSL"},
		{"properties.ssl.truststore.type=JKS", conn.BadValue, "properties.ssl.truststore.type", "only PEM"},
		{"key.format=csv", conn.BadValue, "key.format", "key.fields"},
	} {
		options := map[string]string{}
		for k, v := range base {
			options[k] = v
		}
		if key, value, ok := strings.Cut(c.change, "="); ok {
			options[key] = value
		} else {
			delete(options, key)
		}
		tab := &conn.Table{Name: "t", Options: options}
		own, _ := conn.SplitFormat(options, conn.Modern)
		o := &Options{}
		errs := slices.Concat(conn.Parse(own, o, conn.Modern), Connector.Check(o, tab), Connector.CheckSource(o, tab))
		if len(errs) != 1 || errs[0].Kind != c.kind || errs[0].Key != c.key || !strings.Contains(errs[0].Message, c.say) {
			t.Errorf("%s: %+v", c.change, errs)
		}
	}
}

func TestSASL(t *testing.T) {
	o := &Options{common: common{Properties: map[string]string{
		"security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN",
		"sasl.jaas.config": `org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="p\"w;d";`,
	}}}
	settings, faults := o.client()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	c, err := settings.load()
	if err != nil {
		t.Fatal(err)
	}
	_, initial, err := c.sasl.Start(t.Context())
	if err != nil || string(initial) != "\x00me\x00p\"w;d" || c.tls == nil {
		t.Errorf("credentials %q, TLS %v, %v", initial, c.tls, err)
	}
}

func TestCertificatesAreReadAtStartOnly(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "ca.pem")
	o := &Options{common: common{Properties: map[string]string{"security.protocol": "SSL", "ssl.truststore.type": "PEM", "ssl.truststore.location": missing}}}
	settings, faults := o.client()
	if len(faults) > 0 {
		t.Errorf("at build: %v", faults)
	}
	if _, err := settings.load(); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("at start: %v", err)
	}
}

func TestLegacyFaultsHaveLegacyNames(t *testing.T) {
	tab := &conn.Table{Name: "t", Options: map[string]string{"connector.type": "kafka", "connector.properties.bootstrap.servers": "h:1", "connector.startup-mode": "specific-offsets"}}
	_, err := parse(tab, (*Options).checkSource)
	if err == nil || !strings.Contains(err.Error(), "topic") {
		t.Errorf("got %v", err)
	}
	o := &Options{}
	conn.Parse(tab.Options, o, conn.Legacy)
	var keys []string
	for _, e := range Connector.Check(o, tab) {
		keys = append(keys, e.Key)
	}
	if got := strings.Join(keys, " "); got != "connector.topic connector.specific-offsets" {
		t.Errorf("keys %s", got)
	}
}

// TestMSKIAM checks that the mechanism of Amazon's managed Kafka is named at build,
// where it is linked, and only then.
func TestMSKIAM(t *testing.T) {
	o := &Options{common: common{Properties: map[string]string{
		"security.protocol": "SASL_SSL", "sasl.mechanism": MSKIAM, "sasl.jaas.config": "software.amazon.msk.auth.iam.IAMLoginModule required;",
		"sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
	}}}
	settings, faults := o.client()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := settings.load(); err == nil || !strings.Contains(err.Error(), "must name it at build") {
		t.Errorf("where it isn't linked: %v", err)
	}
	for mechanism, want := range map[string]int{MSKIAM: 1, "PLAIN": 0, "$MECHANISM": 1} {
		if got := Connector.Linked(map[string]string{"properties.sasl.mechanism": mechanism}); len(got) != want {
			t.Errorf("%s links %v", mechanism, got)
		}
	}
	if got := Connector.Linked(nil); got != nil {
		t.Errorf("no mechanism links %v", got)
	}
}
