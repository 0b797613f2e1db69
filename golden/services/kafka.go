package services

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
)

// kafkaVersion is the release of Apache Kafka that tests run against.
const kafkaVersion = "3.9.1"

// Kafka is a broker of its own: a KRaft node in broker and controller role.
type Kafka struct {
	// Jars is the folder with Kafka's jars, for Java clients.
	Jars string

	dir        string
	port       int
	controller int
	proc       *Process
}

// KafkaOptions changes how a broker is started. The zero value is ready for
// use.
type KafkaOptions struct {
	Port int // 0 takes a free one
	// Properties are added to the broker's configuration.
	Properties map[string]string
}

// StartKafka starts a broker and returns when it answers. It ends with the
// test.
func StartKafka(t testing.TB, opts KafkaOptions) *Kafka {
	t.Helper()
	Need(t, "Kafka", "java")
	k := &Kafka{Jars: KafkaJars(t), dir: t.TempDir(), port: opts.Port, controller: FreePort(t)}
	if k.port == 0 {
		k.port = FreePort(t)
	}
	if err := os.WriteFile(k.path("server.properties"), []byte(k.config(opts.Properties)), 0o644); err != nil {
		t.Fatal(err)
	}
	format := k.java("kafka.tools.StorageTool", "format", "-t", "cHlmYy10ZXN0LWNsdXN0ZQ", "-c", k.path("server.properties"))
	if out, err := format.CombinedOutput(); err != nil {
		t.Fatalf("kafka.tools.StorageTool format: %v\n%s", err, out)
	}
	k.start(t)
	t.Cleanup(k.Stop)
	return k
}

// Addr is the broker's address: "127.0.0.1:40123".
func (k *Kafka) Addr() string { return fmt.Sprintf("127.0.0.1:%d", k.port) }

// Stop ends the broker.
func (k *Kafka) Stop() { k.proc.Stop() }

// Kill ends the broker as a crash would.
func (k *Kafka) Kill() { k.proc.Kill() }

// Restart starts a stopped broker again, on the same port and data, and
// returns when it answers.
func (k *Kafka) Restart(t testing.TB) {
	t.Helper()
	k.proc.Stop()
	k.start(t)
}

// Client returns a client of the broker, for tests to create topics with and
// to write to them.
func (k *Kafka) Client() *kafka.Client {
	return &kafka.Client{Addr: kafka.TCP(k.Addr()), Timeout: patience, Transport: transport}
}

// transport waits for a busy broker.
var transport = &kafka.Transport{DialTimeout: patience}

// CreateTopic creates a topic; configs are its settings, in pairs.
func (k *Kafka) CreateTopic(t testing.TB, topic string, partitions int, configs ...string) {
	t.Helper()
	tc := kafka.TopicConfig{Topic: topic, NumPartitions: partitions, ReplicationFactor: 1}
	for i := 0; i < len(configs); i += 2 {
		tc.ConfigEntries = append(tc.ConfigEntries, kafka.ConfigEntry{ConfigName: configs[i], ConfigValue: configs[i+1]})
	}
	res, err := k.Client().CreateTopics(context.Background(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{tc}})
	if err == nil {
		err = res.Errors[topic]
	}
	if err != nil {
		t.Fatalf("create topic %s: %v", topic, err)
	}
	k.waitLed(t, topic, partitions)
}

// DeleteTopics deletes topics; a new one may have the name of an old one at once.
func (k *Kafka) DeleteTopics(t testing.TB, topics ...string) {
	t.Helper()
	if len(topics) == 0 {
		return
	}
	res, err := k.Client().DeleteTopics(context.Background(), &kafka.DeleteTopicsRequest{Topics: topics})
	if err == nil {
		for _, e := range res.Errors {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		t.Fatalf("delete topics %v: %v", topics, err)
	}
}

// Produce appends records to a partition.
func (k *Kafka) Produce(t testing.TB, topic string, partition int, records ...kafka.Record) {
	t.Helper()
	res, err := k.Client().Produce(context.Background(), &kafka.ProduceRequest{
		Topic: topic, Partition: partition, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(records...),
	})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Messages reads what a partition has by now.
func (k *Kafka) Messages(t testing.TB, topic string, partition int) (out []kafka.Message) {
	t.Helper()
	c, err := kafka.DialLeader(context.Background(), "tcp", k.Addr(), topic, partition)
	if err != nil {
		t.Fatal(err)
	}
	at, last, err := c.ReadOffsets()
	for err == nil && at < last {
		var m kafka.Message
		if m, err = c.ReadMessage(1 << 20); err == nil {
			at, out = m.Offset+1, append(out, m)
		}
	}
	if err := errors.Join(err, c.Close()); err != nil {
		t.Fatal(err)
	}
	return out
}

// waitLed waits until the broker leads all partitions of a topic: it answers
// that a topic is there before that.
func (k *Kafka) waitLed(t testing.TB, topic string, partitions int) {
	t.Helper()
	var asked []kafka.OffsetRequest
	for p := range partitions {
		asked = append(asked, kafka.LastOffsetOf(p))
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		res, err := k.Client().ListOffsets(context.Background(), &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{topic: asked}})
		if err == nil {
			for _, p := range res.Topics[topic] {
				err = errors.Join(err, p.Error)
			}
		}
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("topic %s: %v", topic, err)
		}
	}
}

// Java returns a command that runs a Java program, a single source file, with
// Kafka's jars on its class path. The file is compiled the first time.
func (k *Kafka) Java(t testing.TB, file string, args ...string) *exec.Cmd {
	t.Helper()
	class := strings.TrimSuffix(filepath.Base(file), ".java")
	if _, err := os.Stat(k.path(class + ".class")); err != nil {
		javac := exec.Command("javac", "-d", k.dir, "-cp", filepath.Join(k.Jars, "*"), file)
		if out, err := javac.CombinedOutput(); err != nil {
			t.Fatalf("javac %s: %v\n%s", file, err, out)
		}
	}
	return k.java(append([]string{class}, args...)...)
}

func (k *Kafka) java(args ...string) *exec.Cmd {
	jvm := []string{"-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dkafka.logs.dir=" + k.dir, "-cp", filepath.Join(k.Jars, "*") + string(filepath.ListSeparator) + k.dir}
	return exec.Command("java", append(jvm, args...)...)
}

func (k *Kafka) path(name string) string { return filepath.Join(k.dir, name) }

func (k *Kafka) start(t testing.TB) {
	t.Helper()
	k.proc = StartProcess(t, k.java("kafka.Kafka", k.path("server.properties")), k.path("kafka.log"))
	k.proc.Wait(t, func(ctx context.Context) error {
		conn, err := kafka.DialContext(ctx, "tcp", k.Addr())
		if err != nil {
			return err
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
			return err
		}
		brokers, err := conn.Brokers()
		if err == nil && len(brokers) == 0 {
			err = fmt.Errorf("the broker hasn't registered yet")
		}
		return err
	})
}

// config is the broker's server.properties: one node in both roles, internal
// topics without replicas, no waiting for group members.
func (k *Kafka) config(more map[string]string) string {
	text := fmt.Sprintf(`process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:%[2]d
listeners=PLAINTEXT://127.0.0.1:%[1]d,CONTROLLER://127.0.0.1:%[2]d
advertised.listeners=PLAINTEXT://127.0.0.1:%[1]d
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=%[3]s
auto.create.topics.enable=false
num.partitions=1
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.backoff.ms=100
num.io.threads=4
num.network.threads=2
`, k.port, k.controller, k.path("data"))
	for key, value := range more {
		text += key + "=" + value + "\n"
	}
	return text
}

// KafkaJars returns the folder with the jars of Kafka's server and clients,
// fetched by Maven the first time.
func KafkaJars(t testing.TB) string {
	t.Helper()
	return MavenJars(t, "kafka-"+kafkaVersion, "org.apache.kafka:kafka_2.13:"+kafkaVersion)
}
