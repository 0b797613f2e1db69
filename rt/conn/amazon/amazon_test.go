package amazon

import (
	"strings"
	"testing"

	"pyfc/rt/conn"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		options map[string]string // behind aws.
		kind    conn.OptionFault
		key     string
		say     string
	}{
		{map[string]string{"credentials.provider": "BASIC", "credentials.basic.accesskeyid": "a"}, conn.MissingOption, "aws.credentials.basic.secretkey", "BASIC need"},
		{map[string]string{"credentials.provider": "SYS_PROP"}, conn.BadValue, "aws.credentials.provider", "JVM"},
		{map[string]string{"credentials.provider": "CUSTOM", "credentials.custom.class": "com.example.Mine"}, conn.Planned, "aws.credentials.provider", "com.example.Mine isn't run"},
		{map[string]string{"credentials.provider": "ASSUME_ROLE"}, conn.MissingOption, "aws.credentials.role.arn", "ASSUME_ROLE need"},
		{map[string]string{"credentials.provider": "ASSUME_ROLE", "credentials.role.arn": "r", "credentials.role.provider": "BASIC", "credentials.role.provider.basic.accesskeyid": "a"},
			conn.MissingOption, "aws.credentials.role.provider.basic.secretkey", "BASIC need"},
		{map[string]string{"endpoint": "localhost:4566"}, conn.BadValue, "aws.endpoint", "is not a URL"},
	} {
		options := map[string]string{"aws.region": "eu-west-1"}
		for key, text := range c.options {
			options["aws."+key] = text
		}
		o := &Options{}
		if err := conn.Fatal("t", conn.Parse(options, o, conn.Modern)); err != nil {
			t.Fatal(err)
		}
		errs := o.Check()
		if len(errs) != 1 || errs[0].Kind != c.kind || errs[0].Key != c.key || !strings.Contains(errs[0].Message, c.say) {
			t.Errorf("%v: %+v", c.options, errs)
		}
	}
	o := &Options{}
	errs := conn.Parse(map[string]string{"aws.regoin": "x"}, o, conn.Modern)
	if len(errs) != 1 || errs[0].Kind != conn.Ignored || errs[0].Hint != "did you mean aws.region?" {
		t.Errorf("a misspelt option: %+v", errs)
	}
}

func TestRegion(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://kinesis.ap-south-1.amazonaws.com": "ap-south-1", "http://localhost:4566": "us-east-1", "": "us-east-1",
	} {
		if o := (&Options{Endpoint: endpoint}); o.Signing() != want {
			t.Errorf("%q is in %s, want %s", endpoint, o.Signing(), want)
		}
	}
}
