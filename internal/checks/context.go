package checks

import (
	"strconv"
	"strings"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// neverPresent are condition keys that cannot be in a request that Teleport
// makes with the credentials of a role or user: they come with AWS services as
// callers, with web identity or SAML federation, or with options of
// sts:AssumeRole that Teleport does not use
// (reference_policies_condition-keys, reference_policies_iam-condition-keys).
var neverPresent = []string{
	"aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast",
	"aws:PrincipalServiceName", "aws:PrincipalServiceNamesList",
	"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner",
	"sts:SourceIdentity", "sts:TransitiveTagKeys", "sts:PolicyArns", "sts:Policy",
	"sts:ServiceBearerToken", "iam:PassedToService", "iam:AssociatedResourceArn",
}

// absentPrefixes are the same, for keys that share a beginning.
var absentPrefixes = []string{
	"saml:", "cognito-identity.amazonaws.com:", "accounts.google.com:", "graph.facebook.com:",
	"www.amazon.com:", "token.actions.githubusercontent.com:", "oidc.eks.",
}

// requestContext is what is known of the request that Teleport will make for a
// requirement (design 5.19). Everything that is not set here is unknown.
func (a *audit) requestContext(r *expected.Requirement) *policy.Context {
	c := policy.NewContext(policy.KeyUnknown)
	for _, key := range neverPresent {
		c.SetState(key, policy.KeyAbsent)
	}
	for _, prefix := range absentPrefixes {
		c.SetPrefix(prefix, policy.KeyAbsent)
	}
	a.setTime(c)
	a.setPrincipal(c, r)
	a.setResource(c, r)
	setTags(c, r)
	setHop(c, r.Hop)
	setService(c, r)
	return c
}

// setTime sets the clock to the moment at which the picture was taken.
func (a *audit) setTime(c *policy.Context) {
	if at := a.takenAt; !at.IsZero() {
		c.Set("aws:CurrentTime", at.UTC().Format(time.RFC3339))
		c.Set("aws:EpochTime", strconv.FormatInt(at.Unix(), 10))
	}
}

func (a *audit) setPrincipal(c *policy.Context, r *expected.Requirement) {
	caller, err := policy.ParseCaller(r.Principal)
	if err != nil {
		return
	}
	c.Set("aws:PrincipalArn", r.Principal)
	c.Set("aws:PrincipalAccount", caller.Account)
	switch caller.Kind {
	case policy.CallerUser:
		c.Set("aws:PrincipalType", "User")
		c.Set("aws:username", caller.Name)
	case policy.CallerRole:
		c.Set("aws:PrincipalType", "AssumedRole")
		c.SetState("aws:username", policy.KeyAbsent)
	}
	if s := a.in.Accounts.Account(caller.Account); s != nil && s.Organization != nil && s.Organization.ID != "" {
		c.Set("aws:PrincipalOrgID", s.Organization.ID)
	}
	tags, known := a.tagsOf(r.Principal)
	if known {
		c.SetPrefix("aws:PrincipalTag/", policy.KeyAbsent)
	}
	for _, t := range tags {
		c.Set("aws:PrincipalTag/"+t.Key, t.Value)
	}
	for key, value := range r.SessionTags {
		c.Set("aws:PrincipalTag/"+key, value) // session tags displace the role's (id_session-tags)
	}
}

// tagsOf returns the tags of a role or user; known is false where it was not
// read, since it may then have any.
func (a *audit) tagsOf(arn string) (tags []account.Tag, known bool) {
	if role := a.in.Accounts.RoleByARN(arn); role != nil {
		return role.Tags, true
	}
	if user := a.in.Accounts.UserByARN(arn); user != nil {
		return user.Tags, true
	}
	return nil, false
}

// setResource sets the keys that describe the resource. Only roles have tags
// that IAM data tells; those of databases are unknown.
func (a *audit) setResource(c *policy.Context, r *expected.Requirement) {
	if r.Account != "" && r.Account != "*" {
		c.Set("aws:ResourceAccount", r.Account)
	}
	if r.Hop == nil {
		return
	}
	tags, known := a.tagsOf(r.Resource)
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
