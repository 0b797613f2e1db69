package amazonio

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon"
)

// parsed are the options that a table gives in pairs.
func parsed(t *testing.T, pairs ...string) *amazon.Options {
	t.Helper()
	options := map[string]string{"aws.region": "eu-west-1"}
	for i := 0; i < len(pairs); i += 2 {
		options["aws."+pairs[i]] = pairs[i+1]
	}
	o := &amazon.Options{}
	if err := conn.Fatal("t", conn.Parse(options, o, conn.Modern)); err != nil {
		t.Fatal(err)
	}
	return o
}

// tokenService answers as Amazon's does when a role is taken on.
func tokenService(t *testing.T) (url string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		action := r.Form.Get("Action")
		key, _, _ := strings.Cut(r.Header.Get("Authorization"), "/")
		*asked = append(*asked, fmt.Sprintf("%s %s %s %s %s %s", action, r.Form.Get("RoleArn"), r.Form.Get("RoleSessionName"), r.Form.Get("ExternalId"), r.Form.Get("WebIdentityToken"), key))
		fmt.Fprintf(w, `<%[1]sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%[1]sResult><Credentials>
<AccessKeyId>taken-%[2]d</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration>
</Credentials></%[1]sResult></%[1]sResponse>`, action, len(*asked))
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func TestCredentials(t *testing.T) {
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // nobody asks beyond this machine's loopback
	profiles := filepath.Join(t.TempDir(), "profiles")
	token := filepath.Join(t.TempDir(), "token")
	for file, text := range map[string]string{
		profiles: "[default]\naws_access_key_id = usual\naws_secret_access_key = s\n\n[other]\naws_access_key_id = other\naws_secret_access_key = s\n",
		token:    "the token",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "environment")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	url, asked := tokenService(t)
	for _, c := range []struct {
		options []string // behind aws.credentials.
		key     string
		asked   string
	}{
		{nil, "environment", ""},
		{[]string{"provider", "AUTO"}, "environment", ""},
		{[]string{"provider", "ENV_VAR"}, "environment", ""},
		{[]string{"provider", "BASIC", "basic.accesskeyid", "basic", "basic.secretkey", "s"}, "basic", ""},
		{[]string{"basic.accesskeyid", "basic", "basic.secretkey", "s"}, "basic", ""},
		{[]string{"provider", "PROFILE", "profile.path", profiles}, "usual", ""},
		{[]string{"provider", "PROFILE", "profile.path", profiles, "profile.name", "other"}, "other", ""},
		{[]string{"provider", "ASSUME_ROLE", "role.arn", "arn:aws:iam::1:role/r", "role.sessionName", "me", "role.externalId", "x", "role.stsEndpoint", url,
			"role.provider", "BASIC", "role.provider.basic.accesskeyid", "base", "role.provider.basic.secretkey", "s"},
			"taken-1", "AssumeRole arn:aws:iam::1:role/r me x  AWS4-HMAC-SHA256 Credential=base"},
		{[]string{"provider", "WEB_IDENTITY_TOKEN", "role.arn", "arn:aws:iam::1:role/w", "role.sessionName", "me", "webIdentityToken.file", token, "role.stsEndpoint", url},
			"taken-1", "AssumeRoleWithWebIdentity arn:aws:iam::1:role/w me  the token "},
	} {
		*asked = nil
		var pairs []string
		for i := 0; i < len(c.options); i += 2 {
			pairs = append(pairs, "credentials."+c.options[i], c.options[i+1])
		}
		o := parsed(t, pairs...)
		if faults := o.Check(); len(faults) > 0 {
			t.Errorf("%v: %v", c.options, faults)
			continue
		}
		cfg, err := Config(t.Context(), o, "t")
		if err != nil {
			t.Errorf("%v: %v", c.options, err)
			continue
		}
		got, err := cfg.Credentials.Retrieve(t.Context())
		if err != nil || got.AccessKeyID != c.key || cfg.Region != "eu-west-1" {
			t.Errorf("%v: key %s in %s, want %s; %v", c.options, got.AccessKeyID, cfg.Region, c.key, err)
		}
		if text := strings.Join(*asked, "; "); text != c.asked {
			t.Errorf("%v: asked %q, want %q", c.options, text, c.asked)
		}
	}
}

func TestNoCredentials(t *testing.T) {
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // nobody asks beyond this machine's loopback
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	o := parsed(t, "credentials.provider", "ENV_VAR")
	_, err := Config(t.Context(), o, "clicks")
	var wrong *conn.Misconfigured
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID") || !strings.Contains(err.Error(), "provider is ENV_VAR") {
		t.Errorf("got %v", err)
	}
}
