package golden

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"pyfc/compiler"
	"pyfc/golden/oracle/venv"
	"pyfc/golden/services"
)

// amazon is moto with the streams of the job live/amazon/kinesis.py.
type amazon struct {
	*services.Moto
	kinesis *kinesis.Client
}

const bucket = "delivered"

func startAmazon(t *testing.T) *amazon {
	t.Helper()
	python, err := venv.Python("moto", services.MotoPackage, services.MotoVersion)
	if err != nil {
		services.Missing(t, "moto can't be installed: %v", err)
	}
	a := &amazon{Moto: services.StartMoto(t, python)}
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(a.URL()), Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	a.kinesis = kinesis.NewFromConfig(cfg)
	for _, name := range []string{"lines", "mirrored", "totals"} {
		if _, err := a.kinesis.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: &name, ShardCount: aws.Int32(2)}); err != nil {
			t.Fatal(err)
		}
	}
	a.object(t, http.MethodPut, "")
	_, err = firehose.NewFromConfig(cfg).CreateDeliveryStream(t.Context(), &firehose.CreateDeliveryStreamInput{
		DeliveryStreamName: aws.String("delivered"),
		ExtendedS3DestinationConfiguration: &firehosetypes.ExtendedS3DestinationConfiguration{
			BucketARN: aws.String("arn:aws:s3:::" + bucket), RoleARN: aws.String("arn:aws:iam::123456789012:role/delivery"),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// object asks for something of the bucket and returns the answer.
func (a *amazon) object(t *testing.T, method, path string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, a.URL()+"/"+bucket+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	// moto wants to know who asks, and takes anybody's word.
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=b")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s, %v\n%s", method, path, res.Status, err, body)
	}
	return body
}

// produce sends texts to the stream that the job reads.
func (a *amazon) produce(t *testing.T, texts []string) {
	t.Helper()
	for chunk := range slices.Chunk(texts, 500) {
		in := &kinesis.PutRecordsInput{StreamName: aws.String("lines")}
		for _, text := range chunk {
			in.Records = append(in.Records, kinesistypes.PutRecordsRequestEntry{Data: []byte(text), PartitionKey: &text})
		}
		if res, err := a.kinesis.PutRecords(t.Context(), in); err != nil || *res.FailedRecordCount != 0 {
			t.Fatal(err, res)
		}
	}
}

// contents are the records of a stream, in their order within each shard.
func (a *amazon) contents(t *testing.T, stream string) (out []kinesistypes.Record) {
	t.Helper()
	list, err := a.kinesis.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: &stream})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list.Shards {
		it, err := a.kinesis.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{StreamName: &stream, ShardId: s.ShardId, ShardIteratorType: kinesistypes.ShardIteratorTypeTrimHorizon})
		if err != nil {
			t.Fatal(err)
		}
		for next := it.ShardIterator; ; {
			res, err := a.kinesis.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: next})
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Records) == 0 {
				break
			}
			out, next = append(out, res.Records...), res.NextShardIterator
		}
	}
	return out
}

// mirrored are the different records of the mirror.
func (a *amazon) mirrored(t *testing.T) (out []string) {
	for _, r := range a.contents(t, "mirrored") {
		out = append(out, string(r.Data))
		if want := fmt.Sprintf(`"k":"%s"`, *r.PartitionKey); !strings.Contains(string(r.Data), want) {
			t.Fatalf("a record with the partition key %s: %s", *r.PartitionKey, r.Data)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// delivered are the different records that Firehose put into files.
func (a *amazon) delivered(t *testing.T) (out []string) {
	var list struct{ Contents []struct{ Key string } }
	if err := xml.Unmarshal(a.object(t, http.MethodGet, "?list-type=2"), &list); err != nil {
		t.Fatal(err)
	}
	for _, file := range list.Contents {
		for d := json.NewDecoder(strings.NewReader(string(a.object(t, http.MethodGet, "/"+file.Key)))); d.More(); {
			var record json.RawMessage
			if err := d.Decode(&record); err != nil {
				t.Fatal(err)
			}
			out = append(out, string(record))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// totals are the rows that the changes in the stream leave.
func (a *amazon) totals(t *testing.T) (out []string) {
	type row struct {
		K        string
		N, Total int64
	}
	rows := map[string]row{}
	for _, r := range a.contents(t, "totals") {
		var change struct{ Before, After *row }
		if err := json.Unmarshal(r.Data, &change); err != nil {
			t.Fatal(err)
		}
		if change.After != nil {
			rows[change.After.K] = *change.After
		}
	}
	for _, r := range rows {
		out = append(out, fmt.Sprint(r.K, " ", r.N, " ", r.Total))
	}
	return out
}

// perKeyTotals are what they must be.
func (l *ledger) perKeyTotals() (out []string) {
	sums := map[string]int64{}
	for _, e := range l.entries {
		sums[e.k] += e.amount * map[bool]int64{false: 1}[e.null]
	}
	for k, n := range l.perKey() {
		out = append(out, fmt.Sprint(k, " ", n, " ", sums[k]))
	}
	return out
}

// TestKinesisPlan compares the plan of the job: columns of PARTITIONED BY are in the
// records, metadata beside them.
func TestKinesisPlan(t *testing.T) {
	const expected = "live/amazon/kinesis.plan"
	plan := strings.Join(compiler.Compile(compiler.Request{Script: "live/amazon/kinesis.py"}).Plans, "\n")
	if *update {
		if err := os.WriteFile(expected, []byte(plan), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(expected)
	if err != nil || plan != string(want) {
		t.Errorf("%v; the plan is\n%s\nwant\n%s", err, plan, want)
	}
}

// TestKinesis kills a job that reads and writes streams in mid-run and lets it go on at
// another parallelism: every row is there at least once, and no other, and the
// totals come out right.
func TestKinesis(t *testing.T) {
	t.Parallel()
	a := startAmazon(t)
	w := &live{choose: map[string]string{}}
	w.build(t, "live/amazon/*.py")
	log := newLedger()
	job := &program{
		live: w, job: "kinesis", dir: filepath.Join(t.TempDir(), "checkpoints"),
		args: []string{"-D", "execution.checkpointing.interval=200ms"},
		env:  []string{"AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_EC2_METADATA_DISABLED=true"},
	}
	for _, table := range []string{"lines", "mirrored", "totals", "delivered"} {
		job.args = append(job.args, "--set", table+".aws.endpoint="+a.URL())
	}
	p := job.start(t, "--parallelism", "2")
	for _, parallelism := range []string{"1", "3"} {
		n := len(a.contents(t, "mirrored"))
		a.produce(t, log.make(1000))
		p.until(t, func() string {
			if len(a.contents(t, "mirrored")) == n {
				return "no records arrive"
			}
			return ""
		})
		p.kill()
		p = job.start(t, "--parallelism", parallelism)
	}
	p.until(t, func() string { return differ(log.objects(), a.mirrored(t)) })
	p.until(t, func() string { return differ(log.objects(), a.delivered(t)) })
	p.until(t, func() string { return differ(log.perKeyTotals(), a.totals(t)) })
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	n := len(a.contents(t, "mirrored"))
	p = job.start(t) // after an orderly stop nothing repeats
	a.produce(t, log.make(10))
	p.until(t, func() string { return differ(log.objects(), a.mirrored(t)) })
	if got := len(a.contents(t, "mirrored")); got > n+10 {
		t.Errorf("%d records after a stop and ten new rows, want at most %d", got, n+10)
	}
	p.kill()
	got := job.run(t, "--set", "lines.stream=nowhere", "--restore", "none")
	wantFailure(t, got, 10, "table lines", "stream nowhere of Amazon Kinesis at "+a.URL(), "ResourceNotFoundException")
}
