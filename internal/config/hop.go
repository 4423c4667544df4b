package config

import (
	"fmt"
	"strings"
)

// Hop is one sts:AssumeRole that Teleport makes for a database.
type Hop struct {
	// Caller is the ARN that calls; "" where the agent's ARN is not known.
	Caller string
	// Target is the ARN of the role that is assumed. Its account is "*" where
	// neither the configuration nor the agent's ARN tells it.
	Target string
	// ExternalID is what Teleport sends with this hop, "" for none.
	ExternalID string
	// SessionTags are what Teleport sends with this hop, nil for none.
	SessionTags map[string]string
	// DBUser is the login as written; "" for the hop to assume_role_arn.
	DBUser string
}

// Refusal is a login that Teleport refuses before any call to AWS.
type Refusal struct {
	DBUser string
	Reason string
}

// Chain is who acts for one database: the agent, the role of assume_role_arn,
// and the database roles that users log in as.
type Chain struct {
	// Service is the ARN of the identity that must hold the permissions: the
	// role of assume_role_arn where there is one, else the agent. "" where
	// neither is known.
	Service string
	// Assume is the hop from the agent to assume_role_arn, nil where there is none.
	Assume *Hop
	// Users are the hops from Service to each database role, in the order of
	// DBUsers. Empty for types whose users are roles means: no role named.
	Users []Hop
	// Logins are the DBUsers that are database users, not roles, in their
	// order; nil where DBUsers is nil. AdminUser is not among them.
	Logins []string
	// AllUsers: DBUsers holds "*".
	AllUsers bool
	// Refused are the logins for which Teleport builds no role ARN.
	Refused []Refusal
}

// Chain returns who acts for the database when it is served by the agent with
// the given ARN ("" where it is not known).
//
// The external ID goes with the hop to assume_role_arn, and with the hop to the
// database role only where there is no assume_role_arn; OpenSearch sends it with
// both. Session tags go with the last hop, for DynamoDB only.
func (d *Database) Chain(agentARN string) Chain {
	c := assumeChain(agentARN, d.AWS.AssumeRoleARN, d.AWS.ExternalID)
	for _, user := range d.DBUsers {
		switch {
		case user == "*":
			c.AllUsers = true
			if !d.Type.UsersAreRoles() {
				c.Logins = append(c.Logins, user)
			}
		case !d.IsRoleUser(user):
			c.Logins = append(c.Logins, user)
		default:
			target, err := d.RoleARN(user, agentARN)
			if err != nil {
				c.Refused = append(c.Refused, Refusal{DBUser: user, Reason: err.Error()})
				continue
			}
			c.Users = append(c.Users, d.userHop(c.Service, target, user))
		}
	}
	return c
}

func (d *Database) userHop(caller, target, user string) Hop {
	h := Hop{Caller: caller, Target: target, DBUser: user}
	if d.AWS.AssumeRoleARN == "" || d.Type == OpenSearch {
		h.ExternalID = d.AWS.ExternalID
	}
	if d.Type == DynamoDB && len(d.AWS.SessionTags) > 0 {
		h.SessionTags = d.AWS.SessionTags
	}
	return h
}

// Chain returns who discovers for the matcher, when the agent with the given
// ARN ("" where it is not known) does it.
func (m *Matcher) Chain(agentARN string) Chain {
	return assumeChain(agentARN, m.AssumeRoleARN, m.ExternalID)
}

func assumeChain(agentARN, roleARN, externalID string) Chain {
	if roleARN == "" {
		return Chain{Service: agentARN}
	}
	return Chain{
		Service: roleARN,
		Assume:  &Hop{Caller: agentARN, Target: roleARN, ExternalID: externalID},
	}
}

// IsRoleUser says whether Teleport takes a login of this database for an IAM
// role: always for the types whose users are roles; for Redshift and MongoDB
// Atlas where it is written as role/NAME or as an ARN; never otherwise.
func (d *Database) IsRoleUser(user string) bool {
	if d.Type.UsersAreRoles() {
		return user != "*"
	}
	if !d.Type.UsersMayBeRoles() {
		return false
	}
	return strings.HasPrefix(user, "role/") || strings.HasPrefix(user, "arn:")
}

// RoleARN builds the ARN of a database role as Teleport does: a bare name n
// means role/n with the path "/", role/path/n keeps its path, and a full ARN
// must be of the database's partition and account_id.
//
// The account of a name is the database's account_id, else that of
// assume_role_arn, else the agent's; "*" where none is known.
func (d *Database) RoleARN(user, agentARN string) (string, error) {
	if strings.HasPrefix(user, "arn:") {
		return user, d.checkRoleARN(user)
	}
	path := strings.TrimPrefix(user, "role/")
	if err := checkIAMPath(path, "role"); err != nil {
		return "", err
	}
	account := d.Account(agentARN)
	if account == "" {
		account = "*"
	}
	return ARN{Partition: d.Partition(agentARN), Service: "iam", Account: account, Resource: "role/" + path}.String(), nil
}

func (d *Database) checkRoleARN(user string) error {
	a, err := ParseRoleARN(user)
	if err != nil {
		return err
	}
	if want := PartitionOf(d.AWS.Region); want != "" && a.Partition != want {
		return fmt.Errorf("expected AWS partition %s (of region %s) but got %s in %s", want, d.AWS.Region, a.Partition, quote(user))
	}
	if want := d.AWS.AccountID; want != "" && a.Account != want {
		return fmt.Errorf("expected AWS account ID %s (of aws.account_id) but got %s in %s", want, a.Account, quote(user))
	}
	return nil
}

// Account is the account that the database is in: its account_id, else that of
// assume_role_arn, else that of the agent's ARN, else "".
func (d *Database) Account(agentARN string) string {
	if d.AWS.AccountID != "" {
		return d.AWS.AccountID
	}
	for _, s := range []string{d.AWS.AssumeRoleARN, agentARN} {
		if a, ok := ParseARN(s); ok && a.Account != "" {
			return a.Account
		}
	}
	return ""
}

// Partition is the partition that the database is in: that of its region, else
// of assume_role_arn, else of the agent's ARN, else "aws".
func (d *Database) Partition(agentARN string) string {
	if p := PartitionOf(d.AWS.Region); p != "" {
		return p
	}
	for _, s := range []string{d.AWS.AssumeRoleARN, agentARN} {
		if a, ok := ParseARN(s); ok {
			return a.Partition
		}
	}
	return "aws"
}

// DirectoryLogin says whether users of this database log in through a directory
// and not with an IAM token: RDS for SQL Server and for Oracle (design 5.11).
// A proxy in front of SQL Server does take an IAM token.
func (d *Database) DirectoryLogin() bool {
	return d.Type == RDS && (d.Protocol == "sqlserver" || d.Protocol == "oracle")
}

// CustomEndpoint says whether the database is reached by a name of its owner's
// and not by one that AWS made: Teleport then asks AWS which names are its own
// (es:DescribeDomains, rds:DescribeDBClusters).
func (d *Database) CustomEndpoint() bool {
	switch d.Type {
	case OpenSearch:
		return d.AWS.OpenSearchEndpointType == "custom" || customHost(d.URI)
	case DocDB:
		return customHost(d.URI)
	}
	return false
}
