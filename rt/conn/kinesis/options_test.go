package kinesis

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// TestARN holds the check of resource names against Amazon's SDK.
func TestARN(t *testing.T) {
	streams := 0
	for _, text := range []string{
		"arn:aws:kinesis:us-east-1:012345678901:stream/name", "arn:aws-cn:kinesis:cn-north-1:012345678901:stream/name",
		"arn:aws:kinesis:::stream/name", "arn::kinesis:::stream/", "arn:aws:kinesis:us-east-1:1:stream/a:b", "arn:aws:kinesis:us-east-1:1:stream/a/b",
		"", "name", "arn", "arn:", "arn:aws:kinesis", "arn:aws:kinesis:us-east-1:1", "arn:aws:kinesis:us-east-1:1:", "arn:aws:kinesis:us-east-1:1:stream",
		"arn:aws:kinesis:us-east-1:stream/name", "arn:aws:kinesis:us-east-1:1:consumer/name", "arn:aws:kinesis:us-east-1:1:Stream/name",
		"arn:aws:firehose:us-east-1:1:stream/name", "arn:aws:Kinesis:us-east-1:1:stream/name", "ARN:aws:kinesis:us-east-1:1:stream/name",
		" arn:aws:kinesis:us-east-1:1:stream/name", "urn:arn:aws:kinesis:us-east-1:1:stream/name",
	} {
		a, err := arn.Parse(text)
		want := err == nil && a.Service == "kinesis" && strings.HasPrefix(a.Resource, "stream/")
		if got := namesStream(text); got != want {
			t.Errorf("%q names a stream: %v, want %v", text, got, want)
		}
		if want {
			streams++
		}
	}
	if streams != 6 {
		t.Errorf("%d of the names are streams', want 6", streams)
	}
}
