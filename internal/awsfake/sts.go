package awsfake

import (
	"encoding/json"
	"net/http"
	"strings"
)

func callerIdentity(s *Server, _ *query) (string, *apiError) {
	return text("Arn", s.CallerARN) + text("UserId", "AROAFAKE:session") + text("Account", s.state.snapshot.Account), nil
}

// assumeRole gives the same credentials again, to a caller that names a role of
// the account and the external ID that its trust policy asks for.
func assumeRole(s *Server, q *query) (string, *apiError) {
	arn := q.form.Get("RoleArn")
	name := arn[strings.LastIndex(arn, "/")+1:]
	role, ok := s.state.roles[name]
	if !ok || role.ARN != arn || !externalIDFits(role.Trust.Text, q.form.Get("ExternalId")) {
		return "", &apiError{http.StatusForbidden, "AccessDenied", "User is not authorized to perform: sts:AssumeRole on resource: " + arn}
	}
	return element("Credentials",
			text("AccessKeyId", AccessKey), text("SecretAccessKey", SecretKey), text("SessionToken", SessionToken), text("Expiration", "2100-01-01T00:00:00Z")) +
			element("AssumedRoleUser", text("AssumedRoleId", role.ID+":session"), text("Arn", strings.Replace(arn, ":iam:", ":sts:", 1))),
		nil
}

// externalIDFits looks whether a statement of the trust policy takes the
// external ID; StringEquals with one value is all it knows.
func externalIDFits(trust []byte, id string) bool {
	var document struct {
		Statement []struct {
			Condition struct {
				StringEquals map[string]string
			}
		}
	}
	if json.Unmarshal(trust, &document) != nil {
		return false
	}
	for _, st := range document.Statement {
		if wanted, asked := st.Condition.StringEquals["sts:ExternalId"]; !asked || wanted == id {
			return true
		}
	}
	return false
}
