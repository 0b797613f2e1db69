package amazon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

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

// provider is where credentials come from.
func (c *Credentials) provider() string {
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
			fault(conn.MissingOption, key, "", "credentials of %s need %s", c.provider(), prefix+key)
		}
	}
	const instead = "AUTO, BASIC, ENV_VAR, PROFILE, ASSUME_ROLE and WEB_IDENTITY_TOKEN are"
	switch c.provider() {
	case "BASIC":
		need(c.AccessKey, "basic.accesskeyid")
		need(c.SecretKey, "basic.secretkey")
	case "SYS_PROP":
		fault(conn.BadValue, "provider", "give them as environment variables: ENV_VAR", "%sprovider: SYS_PROP reads properties of a JVM, and a binary has none", prefix)
	case "CUSTOM":
		fault(conn.Planned, "provider", "", "%sprovider: the Java class %s isn't run; %s", prefix, c.Class, instead)
	case "ASSUME_ROLE":
		need(c.RoleARN, "role.arn")
		nested, faults := c.nested()
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

// nested are the credentials that take on the role.
func (c *Credentials) nested() (*Credentials, []conn.OptionError) {
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

// config makes a configuration with these credentials, which are looked up when
// they are needed.
func (c *Credentials) config(ctx context.Context, load ...func(*config.LoadOptions) error) (aws.Config, error) {
	with := func(p aws.CredentialsProvider) (aws.Config, error) {
		return config.LoadDefaultConfig(ctx, append(load, config.WithCredentialsProvider(p))...)
	}
	switch c.provider() {
	case "BASIC":
		return with(credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, ""))
	case "ENV_VAR":
		env, err := config.NewEnvConfig()
		if err == nil && !env.Credentials.HasKeys() {
			err = errors.New("the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY aren't set")
		}
		if err != nil {
			return aws.Config{}, err
		}
		return with(credentials.StaticCredentialsProvider{Value: env.Credentials})
	case "PROFILE":
		return config.LoadDefaultConfig(ctx, append(load, c.profile()...)...)
	case "ASSUME_ROLE":
		nested, _ := c.nested() // whose faults Check has reported
		cfg, err := nested.config(ctx, load...)
		if err == nil {
			cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(c.tokenService(cfg), c.RoleARN, func(o *stscreds.AssumeRoleOptions) {
				o.RoleSessionName = c.SessionName
				if c.ExternalID != "" {
					o.ExternalID = &c.ExternalID
				}
			}))
		}
		return cfg, err
	case "WEB_IDENTITY_TOKEN":
		return c.webIdentity(ctx, load...)
	}
	return config.LoadDefaultConfig(ctx, load...)
}

// profile has the configuration take its credentials from a profile.
func (c *Credentials) profile() []func(*config.LoadOptions) error {
	name := c.ProfileName
	if name == "" {
		name = "default"
	}
	out := []func(*config.LoadOptions) error{config.WithSharedConfigProfile(name)}
	if c.ProfilePath != "" {
		out = append(out, config.WithSharedCredentialsFiles([]string{c.ProfilePath}), config.WithSharedConfigFiles(nil))
	}
	return out
}

// webIdentity has the configuration take on a role by a token; what isn't given is
// in the environment.
func (c *Credentials) webIdentity(ctx context.Context, load ...func(*config.LoadOptions) error) (aws.Config, error) {
	role, file := c.RoleARN, c.TokenFile
	if role == "" {
		role = os.Getenv("AWS_ROLE_ARN")
	}
	if file == "" {
		file = os.Getenv("AWS_WEB_IDENTITY_TOKEN_FILE")
	}
	if role == "" || file == "" {
		return aws.Config{}, errors.New("neither options nor AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE name a role and the file of a token")
	}
	cfg, err := config.LoadDefaultConfig(ctx, append(load, config.WithCredentialsProvider(aws.AnonymousCredentials{}))...)
	if err == nil {
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewWebIdentityRoleProvider(c.tokenService(cfg), role, stscreds.IdentityTokenFile(file), func(o *stscreds.WebIdentityRoleOptions) {
			o.RoleSessionName = c.SessionName
		}))
	}
	return cfg, err
}

func (c *Credentials) tokenService(cfg aws.Config) *sts.Client {
	return sts.NewFromConfig(cfg, func(o *sts.Options) {
		if c.STSEndpoint != "" {
			o.BaseEndpoint = &c.STSEndpoint
		}
	})
}
