package amazon

import (
	"fmt"
	"strings"

	"pyfc/rt/conn"
)

// Credentials are the options that say who asks a service.
type Credentials struct {
	Provider     string            `opt:"aws.credentials.provider" enum:"AUTO|BASIC|ENV_VAR|SYS_PROP|PROFILE|ASSUME_ROLE|WEB_IDENTITY_TOKEN|CUSTOM" doc:"Where credentials come from. Without it they are BASIC where a key is given, else AUTO: the environment, the shared files, the container or the machine."`
	AccessKey    string            `opt:"aws.credentials.basic.accesskeyid" doc:"The access key of BASIC."`
	SecretKey    string            `opt:"aws.credentials.basic.secretkey" secret:"true" doc:"Its secret."`
	ProfilePath  string            `opt:"aws.credentials.profile.path" doc:"The file with the profiles of PROFILE, where it isn't the usual one."`
	ProfileName  string            `opt:"aws.credentials.profile.name" doc:"The name of the profile."`
	RoleARN      string            `opt:"aws.credentials.role.arn" doc:"The role of ASSUME_ROLE and WEB_IDENTITY_TOKEN."`
	SessionName  string            `opt:"aws.credentials.role.sessionName" doc:"The name of the session in that role."`
	ExternalID   string            `opt:"aws.credentials.role.externalId" doc:"What the role's owner wants to be told."`
	STSEndpoint  string            `opt:"aws.credentials.role.stsEndpoint" doc:"The URL of the token service, where it isn't the region's own."`
	RoleProvider string            `opt:"aws.credentials.role.provider" enum:"AUTO|BASIC|ENV_VAR|SYS_PROP|PROFILE|ASSUME_ROLE|WEB_IDENTITY_TOKEN|CUSTOM" doc:"Where the credentials come from that take on the role."`
	RoleOptions  map[string]string `opt:"aws.credentials.role.provider.*" doc:"The options of those, as after aws.credentials."`
	TokenFile    string            `opt:"aws.credentials.webIdentityToken.file" doc:"The file with the token of WEB_IDENTITY_TOKEN."`
	Class        string            `opt:"aws.credentials.custom.class" doc:"The Java class of CUSTOM, which isn't run."`
}

// From is where credentials come from: one of the values of Provider.
func (c *Credentials) From() string {
	switch {
	case c.Provider != "":
		return c.Provider
	case c.AccessKey != "" && c.SecretKey != "":
		return "BASIC"
	}
	return "AUTO"
}

// check looks at what a way to get credentials needs. The keys of its options
// begin by prefix.
func (c *Credentials) check(prefix string) (errs []conn.OptionError) {
	fault := func(kind conn.OptionFault, key, hint, format string, args ...any) {
		errs = append(errs, conn.OptionError{Key: prefix + key, Kind: kind, Hint: hint, Message: fmt.Sprintf(format, args...)})
	}
	need := func(value, key string) {
		if value == "" {
			fault(conn.MissingOption, key, "", "credentials of %s need %s", c.From(), prefix+key)
		}
	}
	const instead = "AUTO, BASIC, ENV_VAR, PROFILE, ASSUME_ROLE and WEB_IDENTITY_TOKEN are"
	switch c.From() {
	case "BASIC":
		need(c.AccessKey, "basic.accesskeyid")
		need(c.SecretKey, "basic.secretkey")
	case "SYS_PROP":
		fault(conn.BadValue, "provider", "give them as environment variables: ENV_VAR", "%sprovider: SYS_PROP reads properties of a JVM, and a binary has none", prefix)
	case "CUSTOM":
		fault(conn.Planned, "provider", "", "%sprovider: the Java class %s isn't run; %s", prefix, c.Class, instead)
	case "ASSUME_ROLE":
		need(c.RoleARN, "role.arn")
		nested, faults := c.Taking()
		for _, f := range faults {
			if f.Kind == conn.Secret {
				continue // reported where all options were parsed
			}
			key := strings.Replace(f.Key, "aws.credentials.", prefix+"role.provider.", 1)
			f.Key, f.Message = key, strings.Replace(f.Message, f.Key, key, 1)
			errs = append(errs, f)
		}
		errs = append(errs, nested.check(prefix+"role.provider.")...)
	}
	return errs
}

// Taking are the credentials that take on the role of ASSUME_ROLE, and the faults
// among their options.
func (c *Credentials) Taking() (*Credentials, []conn.OptionError) {
	options := map[string]string{}
	for key, text := range c.RoleOptions {
		options["aws.credentials."+key] = text
	}
	if c.RoleProvider != "" {
		options["aws.credentials.provider"] = c.RoleProvider
	}
	out := &Credentials{}
	return out, conn.Parse(options, out, conn.Modern)
}
