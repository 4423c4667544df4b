package checks

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// neverDirect are condition keys that cannot be in a request that a role or user
// makes itself: they come with AWS services as callers
// (reference_policies_condition-keys).
var neverDirect = []string{
	"aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast",
	"aws:PrincipalServiceName", "aws:PrincipalServiceNamesList",
	"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner",
}

// neverSent are keys that come with options which Teleport does not use
// (reference_policies_iam-condition-keys).
var neverSent = []string{
	"sts:SourceIdentity", "sts:TransitiveTagKeys", "sts:PolicyArns", "sts:Policy",
	"sts:ServiceBearerToken", "iam:PassedToService", "iam:AssociatedResourceArn",
}

// requestContext is what is known of the request that Teleport will make for a
// requirement (design 5.19). Everything that is not set here is unknown.
func (a *audit) requestContext(r *expected.Requirement) *policy.Context {
	c := policy.NewContext(policy.KeyUnknown)
	for _, keys := range [][]string{neverDirect, neverSent} {
		for _, key := range keys {
			c.SetState(key, policy.KeyAbsent)
		}
	}
	known := knowledge{accounts: a.in.Accounts, at: a.takenAt}
	known.setTime(c)
	known.setPrincipal(c, r.Principal, r.SessionTags)
	if r.Account != "*" {
		setResourceAccount(c, r.Account)
	}
	if r.Hop != nil {
		known.setRoleTags(c, r.Resource)
	}
	setTags(c, r)
	setHop(c, r.Hop)
	setService(c, r)
	return c
}

// knowledge is what a picture tells of any request, whoever asks.
type knowledge struct {
	accounts account.Accounts
	at       time.Time // when the picture was taken; zero where not known
}

// setTime sets the clock to the moment at which the picture was taken.
func (k knowledge) setTime(c *policy.Context) {
	if !k.at.IsZero() {
		c.Set("aws:CurrentTime", k.at.UTC().Format(time.RFC3339))
		c.Set("aws:EpochTime", strconv.FormatInt(k.at.Unix(), 10))
	}
}

// setPrincipal sets the keys that describe the caller, by the ARN of a role or
// user.
func (k knowledge) setPrincipal(c *policy.Context, principal string, sessionTags map[string]string) {
	caller, err := policy.ParseCaller(principal)
	if err != nil {
		return
	}
	c.Set("aws:PrincipalArn", principal)
	c.Set("aws:PrincipalAccount", caller.Account)
	switch caller.Kind {
	case policy.CallerUser:
		c.Set("aws:PrincipalType", "User")
		c.Set("aws:username", caller.Name)
	case policy.CallerRole:
		c.Set("aws:PrincipalType", "AssumedRole")
		c.SetState("aws:username", policy.KeyAbsent)
	}
	if s := k.accounts.Account(caller.Account); s != nil && s.Organization != nil && s.Organization.ID != "" {
		c.Set("aws:PrincipalOrgID", s.Organization.ID)
	}
	tags, known := k.tagsOf(principal)
	if known {
		c.SetPrefix("aws:PrincipalTag/", policy.KeyAbsent)
	}
	for _, t := range tags {
		c.Set("aws:PrincipalTag/"+t.Key, t.Value)
	}
	for _, key := range sortedKeys(sessionTags) {
		c.Set("aws:PrincipalTag/"+key, sessionTags[key]) // session tags displace the role's (id_session-tags)
	}
}

// tagsOf returns the tags of a role or user; known is false where it was not
// read, since it may then have any.
func (k knowledge) tagsOf(arn string) (tags []account.Tag, known bool) {
	if role := k.accounts.RoleByARN(arn); role != nil {
		return role.Tags, !k.refused("iam:ListRoleTags", arn)
	}
	if user := k.accounts.UserByARN(arn); user != nil {
		return user.Tags, !k.refused("iam:ListUserTags", arn)
	}
	return nil, false
}

// refused tells whether a call about an entity did not succeed.
func (k knowledge) refused(operation, arn string) bool {
	s := k.accounts.Account(accountField(arn))
	return s != nil && slices.ContainsFunc(s.GapsOf(arn), func(g account.Gap) bool { return g.Operation == operation })
}

func setResourceAccount(c *policy.Context, account string) {
	if account != "" {
		c.Set("aws:ResourceAccount", account)
	}
}

// setRoleTags sets the tags of a role that is the resource. Of all resources
// only roles and users have tags that IAM data tells.
func (k knowledge) setRoleTags(c *policy.Context, role string) {
	tags, known := k.tagsOf(role)
	for _, prefix := range []string{"iam:ResourceTag/", "aws:ResourceTag/"} {
		if known {
			c.SetPrefix(prefix, policy.KeyAbsent)
		}
		for _, t := range tags {
			c.Set(prefix+t.Key, t.Value)
		}
	}
}

// setTags says that no tags are sent. Only Secrets Manager gets some: Teleport
// tags the secrets it makes, with what its version and configuration say.
func setTags(c *policy.Context, r *expected.Requirement) {
	state := policy.KeyAbsent
	if strings.HasPrefix(r.Action, "secretsmanager:") {
		state = policy.KeyUnknown
	}
	c.SetPrefix("aws:RequestTag/", state)
	c.SetState("aws:TagKeys", state)
}

// setHop sets what sts:AssumeRole sends.
func setHop(c *policy.Context, h *expected.Hop) {
	c.SetState("sts:ExternalId", policy.KeyAbsent)
	if h == nil {
		return
	}
	if h.ExternalID != "" {
		c.Set("sts:ExternalId", h.ExternalID)
	}
	if len(h.SessionTags) > 0 {
		keys := sortedKeys(h.SessionTags)
		for _, key := range keys {
			c.Set("aws:RequestTag/"+key, h.SessionTags[key])
		}
		c.SetMulti("aws:TagKeys", keys)
	}
}

// setService sets what is known of the call itself. Teleport calls AWS over TLS
// and with its own credentials; only KMS is called by Secrets Manager on
// Teleport's behalf (Secrets Manager guide, security-encryption).
func setService(c *policy.Context, r *expected.Requirement) {
	c.Set("aws:SecureTransport", "true")
	c.Set("aws:PrincipalIsAWSService", "false")
	if r.Region != "" && r.Region != "*" {
		c.Set("aws:RequestedRegion", r.Region)
	}
	viaKMS := strings.HasPrefix(r.Action, "kms:")
	c.Set("aws:ViaAWSService", strconv.FormatBool(viaKMS))
	if viaKMS {
		for _, key := range []string{"aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"} {
			c.SetState(key, policy.KeyUnknown)
		}
		if r.Region != "" && r.Region != "*" {
			c.Set("kms:ViaService", "secretsmanager."+r.Region+".amazonaws.com")
		}
	}
}
