package awsread

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
)

// Errors of this file say what to do next. They are made of our own words,
// names and error codes: the texts of the SDK may quote the output of a
// credential process or lines of a credentials file.

func regionError(region string) error {
	return fmt.Errorf("%q is not an AWS region; expected a name like us-east-1 or us-gov-west-1", region)
}

// configError explains why the shared configuration could not be loaded.
func configError(err error) error {
	var missing config.SharedConfigProfileNotExistError
	var unreadable config.SharedConfigLoadError
	var assume config.SharedConfigAssumeRoleError
	var path *fs.PathError
	switch {
	case errors.As(err, &missing):
		return fmt.Errorf("the AWS profile %q does not exist; `aws configure list-profiles` shows those that do", missing.Profile)
	case errors.As(err, &unreadable):
		return fmt.Errorf("the AWS configuration file %s could not be read; `aws configure list` shows what is wrong with it", unreadable.Filename)
	case errors.As(err, &assume):
		return fmt.Errorf("the AWS profile %q can't assume %s; look at its source_profile or credential_source", assume.Profile, assume.RoleARN)
	case errors.As(err, &path):
		return fmt.Errorf("the AWS configuration names %s, which could not be opened (%w)", path.Path, path.Err)
	default:
		return errors.New("the AWS configuration could not be loaded; `aws configure list` shows what is wrong with it, and the AWS_* variables may hold a bad value")
	}
}

// instanceMetadata is the last place where the SDK looks; that it gives nothing
// means that nothing is configured.
const instanceMetadata = "ec2imds"

// credentialsError explains why no credentials could be had.
func credentialsError(ctx context.Context, err error, profile string) error {
	login := "aws sso login"
	if profile != "" {
		login += " --profile " + profile
	}
	var token *ssocreds.InvalidTokenError
	var process *processcreds.ProviderError
	var api smithy.APIError
	var asked *smithy.OperationError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("stopped while AWS credentials were obtained: %w", ctx.Err())
	case errors.As(err, &token):
		return fmt.Errorf("the AWS single sign-on session has expired; run `%s`", login)
	case errors.As(err, &process):
		return errors.New("the credential_process of the AWS profile failed; run the command by hand to see why")
	case errors.As(err, &api) && codePattern.MatchString(api.ErrorCode()):
		return fmt.Errorf("AWS refused to give credentials (%s); look at the role_arn, external_id and source_profile of the profile, or run `%s`", api.ErrorCode(), login)
	case errors.As(err, &asked) && asked.Service() != instanceMetadata:
		return fmt.Errorf("no AWS credentials could be had, since %s gave no answer to %s; look at the region and the network", asked.Service(), asked.Operation())
	default:
		return fmt.Errorf("no usable AWS credentials were found; set AWS_PROFILE or --profile, run `%s`, or audit a file with --snapshot", login)
	}
}

// badCredentials tells whether an error code says that the credentials
// themselves are refused, so that no other call can work.
func badCredentials(code string) bool {
	return slices.Contains([]string{
		"AuthFailure", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId",
		"MissingAuthenticationToken", "RequestExpired", "SignatureDoesNotMatch", "UnrecognizedClientException",
	}, code)
}

// identityError explains why the account could not be told.
func identityError(f *failure, region string) error {
	switch {
	case f.stopped != nil:
		return fmt.Errorf("stopped before AWS told whose credentials these are: %w", f.stopped)
	case f.code == "ExpiredToken" || f.code == "ExpiredTokenException" || f.code == "RequestExpired":
		return fmt.Errorf("the AWS credentials have expired (%s); log in again, or look at this machine's clock", f.code)
	case badCredentials(f.code):
		return fmt.Errorf("AWS does not accept these credentials in %s (%s); look at the profile, and whether the region belongs to the account's partition", region, f.code)
	default:
		return fmt.Errorf("AWS did not tell which account this is (%s in %s: %s); look at the region and the network, or name roles by ARN", f.operation, region, f.code)
	}
}
