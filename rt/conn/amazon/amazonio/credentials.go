package amazonio

import (
	"context"
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"pyfc/rt/conn/amazon"
)

// configure makes a configuration with credentials, which are looked up when
// they are needed.
func configure(ctx context.Context, c *amazon.Credentials, load ...func(*config.LoadOptions) error) (aws.Config, error) {
	with := func(p aws.CredentialsProvider) (aws.Config, error) {
		return config.LoadDefaultConfig(ctx, append(load, config.WithCredentialsProvider(p))...)
	}
	switch c.From() {
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
		return config.LoadDefaultConfig(ctx, append(load, profile(c)...)...)
	case "ASSUME_ROLE":
		taking, _ := c.Taking() // whose faults Check has reported
		cfg, err := configure(ctx, taking, load...)
		if err == nil {
			cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(newTokenService(c, cfg), c.RoleARN, func(o *stscreds.AssumeRoleOptions) {
				o.RoleSessionName = c.SessionName
				if c.ExternalID != "" {
					o.ExternalID = &c.ExternalID
				}
			}))
		}
		return cfg, err
	case "WEB_IDENTITY_TOKEN":
		return webIdentity(ctx, c, load...)
	}
	return config.LoadDefaultConfig(ctx, load...)
}

// profile has the configuration take its credentials from a profile.
func profile(c *amazon.Credentials) []func(*config.LoadOptions) error {
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
func webIdentity(ctx context.Context, c *amazon.Credentials, load ...func(*config.LoadOptions) error) (aws.Config, error) {
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
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewWebIdentityRoleProvider(newTokenService(c, cfg), role, stscreds.IdentityTokenFile(file), func(o *stscreds.WebIdentityRoleOptions) {
			o.RoleSessionName = c.SessionName
		}))
	}
	return cfg, err
}

func newTokenService(c *amazon.Credentials, cfg aws.Config) *sts.Client {
	return sts.NewFromConfig(cfg, func(o *sts.Options) {
		if c.STSEndpoint != "" {
			o.BaseEndpoint = &c.STSEndpoint
		}
	})
}
