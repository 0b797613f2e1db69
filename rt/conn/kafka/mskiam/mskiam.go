// Package mskiam has Kafka's clients authenticate by AWS_MSK_IAM: with credentials
// for Amazon's services, as its managed Kafka takes them.
package mskiam

import (
	"context"
	"errors"
	"strings"

	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/aws_msk_iam_v2"

	"pyfc/rt/conn/amazon"
	"pyfc/rt/conn/amazon/amazonio"
	"pyfc/rt/conn/kafka"
)

func init() { kafka.RegisterMSKIAM(newMechanism) }

// newMechanism makes the mechanism. The JAAS configuration is that of Amazon's login
// module for Java: without awsProfileName or awsRoleArn the credentials come from
// wherever they are. The region is the one in the brokers' names, else the usual.
func newMechanism(ctx context.Context, jaas string, servers []string) (sasl.Mechanism, error) {
	o := &amazon.Options{Region: kafka.JAASValue(jaas, "awsStsRegion")}
	region := regionOf(servers)
	if o.Region == "" {
		o.Region = region
	}
	if role := kafka.JAASValue(jaas, "awsRoleArn"); role != "" {
		o.Provider, o.RoleARN = "ASSUME_ROLE", role
		o.SessionName = kafka.JAASValue(jaas, "awsRoleSessionName")
		o.ExternalID = kafka.JAASValue(jaas, "awsRoleExternalId")
	} else if profile := kafka.JAASValue(jaas, "awsProfileName"); profile != "" {
		o.Provider, o.ProfileName = "PROFILE", profile
	}
	cfg, err := amazonio.Load(ctx, o)
	if err != nil {
		return nil, err
	}
	if region == "" {
		region = cfg.Region
	}
	if region == "" {
		return nil, errors.New("AWS_MSK_IAM needs a region, which neither the brokers' names nor the environment (AWS_REGION) tell")
	}
	return &aws_msk_iam_v2.Mechanism{Signer: signer.NewSigner(), Credentials: cfg.Credentials, Region: region}, nil
}

// regionOf is the region of brokers such as
// b-1.name.abc.c2.kafka.us-east-1.amazonaws.com:9098; empty for other names.
func regionOf(servers []string) string {
	for _, s := range servers {
		host, _, _ := strings.Cut(s, ":")
		before, _, ok := strings.Cut(host, ".amazonaws.com")
		if i := strings.LastIndexByte(before, '.'); ok && i >= 0 {
			return before[i+1:]
		}
	}
	return ""
}
