package awsread

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
)

const (
	// attempts is how often a throttled or failed call is sent in all. Large
	// accounts do throttle, and the SDK's three attempts are soon used up.
	attempts = 10
	// firstAttempts is the same for the first call: a network that is down
	// should be reported in seconds.
	firstAttempts = 4
	// attemptTimeout bounds one attempt, answer included; the SDK has no bound
	// of its own.
	attemptTimeout = 60 * time.Second
)

// identity is the account that is read.
type identity struct {
	account   string
	partition string
	// guessed: the account was not told by AWS but taken from the ARNs asked
	// for or from the credentials, so that nothing may be called absent.
	guessed bool
}

// session is a connection to AWS under one identity.
type session struct {
	identity
	caller        string // ARN of who asks; "" where AWS did not tell
	region        string
	ahead         time.Duration // of AWS's clock; see Diagnosis
	clockKnown    bool
	iam           *iam.Client
	sts           *sts.Client
	organizations *organizations.Client
	failed        []failedRead
	http          *http.Client
}

// connect loads the configuration, obtains credentials and asks who they
// belong to.
func connect(ctx context.Context, o Options, names []name) (*session, error) {
	cfg, err := loadConfig(ctx, o, names)
	if err != nil {
		return nil, err
	}
	creds, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, credentialsError(ctx, err, o.Profile)
	}
	s := &session{http: httpClient(cfg.HTTPClient), region: cfg.Region}
	cfg.HTTPClient = s.http
	guard := []func(*middleware.Stack) error{listedOnly}
	s.iam = iam.NewFromConfig(cfg, func(c *iam.Options) { c.APIOptions = append(c.APIOptions, guard...) })
	s.organizations = organizations.NewFromConfig(cfg, func(c *organizations.Options) { c.APIOptions = append(c.APIOptions, guard...) })
	asker := sts.NewFromConfig(cfg, func(c *sts.Options) {
		c.APIOptions = append(c.APIOptions, guard...)
		c.RetryMaxAttempts = firstAttempts
	})
	s.sts = asker
	if err := s.identify(ctx, asker, cfg.Region, creds.AccountID, names); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close lets go of idle connections, so that nothing outlives a reading.
func (s *session) close() { s.http.CloseIdleConnections() }

// identify asks for the account; where the question fails though the
// credentials are good, the account is taken from elsewhere, and the failure
// becomes a gap.
func (s *session) identify(ctx context.Context, asker *sts.Client, region, credsAccount string, names []name) error {
	out, failed := call(ctx, opGetCallerIdentity, asker.GetCallerIdentity, &sts.GetCallerIdentityInput{},
		func(out *sts.GetCallerIdentityOutput) bool {
			return accountID.MatchString(aws.ToString(out.Account)) && arn.IsARN(aws.ToString(out.Arn))
		})
	if failed == nil {
		a, err := arn.Parse(aws.ToString(out.Arn))
		s.caller = aws.ToString(out.Arn)
		here, _ := awsmiddleware.GetResponseAt(out.ResultMetadata)
		there, told := awsmiddleware.GetServerTime(out.ResultMetadata)
		s.ahead, s.clockKnown = here.Sub(there), told && !here.IsZero()
		if err == nil {
			s.identity = identity{account: aws.ToString(out.Account), partition: a.Partition}
			return nil
		}
		failed = brokenAnswer(opGetCallerIdentity)
	}
	if failed.stopped != nil || badCredentials(failed.code) {
		return identityError(failed, region)
	}
	s.identity = identity{account: credsAccount, partition: partitionOf(region), guessed: true}
	for _, n := range names {
		if s.account == "" {
			s.account = n.account
		}
	}
	if s.account == "" {
		return identityError(failed, region)
	}
	s.failed = append(s.failed, failedRead{subject: s.root(), failure: *failed})
	return nil
}

// root stands for the account itself where a gap needs a subject.
func (i identity) root() string { return "arn:" + i.partition + ":iam::" + i.account + ":root" }

// loadConfig reads environment and shared configuration. Where no region is
// set it loads once more with a default one: profiles that assume a role need
// the region while credentials are resolved.
func loadConfig(ctx context.Context, o Options, names []name) (aws.Config, error) {
	if o.Region != "" && !regionName.MatchString(o.Region) {
		return aws.Config{}, regionError(o.Region)
	}
	options := []func(*config.LoadOptions) error{
		config.WithRetryer(func() aws.Retryer { return retryer(o.MaxBackoff) }),
		config.WithLogger(logging.Nop{}), // the SDK's would write to stderr, which is not ours to use
	}
	if o.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(o.Profile))
	}
	if o.Region != "" {
		options = append(options, config.WithRegion(o.Region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, configError(err)
	}
	if cfg.Region != "" {
		return cfg, nil
	}
	region := defaultRegion(names)
	o.warn("no AWS region is set; using " + region + " (set --region or AWS_REGION where the account is in another partition)")
	cfg, err = config.LoadDefaultConfig(ctx, append(options, config.WithRegion(region))...)
	if err != nil {
		return aws.Config{}, configError(err)
	}
	return cfg, nil
}

func retryer(maxBackoff time.Duration) aws.Retryer {
	return retry.NewStandard(func(r *retry.StandardOptions) {
		r.MaxAttempts = attempts
		r.RateLimiter = ratelimit.None // the SDK's own quota gives up after some hundred retries
		if maxBackoff > 0 {
			r.MaxBackoff = maxBackoff
		}
	})
}

// httpClient makes a client of our own from the SDK's, whose transport knows
// AWS_CA_BUNDLE and the proxies: the SDK's own can't be told to let go of its
// connections. Setting a client while the configuration is loaded would break
// AWS_CA_BUNDLE.
func httpClient(sdk aws.HTTPClient) *http.Client {
	buildable, ok := sdk.(*awshttp.BuildableClient)
	if !ok {
		buildable = awshttp.NewBuildableClient()
	}
	return &http.Client{
		Transport: buildable.GetTransport(),
		Timeout:   attemptTimeout,
		// IAM never redirects, and a signed request is not for others.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

var regionName = regexp.MustCompile(`^[a-z]{2,8}(-[a-z]+)+-[0-9]{1,2}$`)

// partitions are the partitions by the prefix of their regions' names, with
// the region that IAM lives in (reference-arns).
func partitions() []struct{ prefix, partition, region string } {
	return []struct{ prefix, partition, region string }{
		{"cn-", "aws-cn", "cn-north-1"},
		{"us-gov-", "aws-us-gov", "us-gov-west-1"},
		{"us-isob-", "aws-iso-b", "us-isob-east-1"},
		{"us-isof-", "aws-iso-f", "us-isof-south-1"},
		{"us-iso-", "aws-iso", "us-iso-east-1"},
		{"eu-isoe-", "aws-iso-e", "eu-isoe-west-1"},
		{"eusc-", "aws-eusc", "eusc-de-east-1"},
		{"", "aws", "us-east-1"},
	}
}

func partitionOf(region string) string {
	for _, p := range partitions() {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}

// defaultRegion is where IAM lives in the partition that the names tell.
func defaultRegion(names []name) string {
	for _, n := range names {
		for _, p := range partitions() {
			if n.partition == p.partition {
				return p.region
			}
		}
	}
	return "us-east-1"
}
