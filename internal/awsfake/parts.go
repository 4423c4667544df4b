package awsfake

import (
	"encoding/json"
	"strconv"

	"github.com/iamcheck/iamcheck/internal/account"
)

func boundaryXML(q *query, arn string) string {
	if q.fault.Kind == BlankBoundary {
		return element("PermissionsBoundary")
	}
	if arn == "" {
		return ""
	}
	return element("PermissionsBoundary", text("PermissionsBoundaryType", "Policy"), text("PermissionsBoundaryArn", arn))
}

func tagsXML(tags []account.Tag) string {
	if len(tags) == 0 {
		return ""
	}
	var items []string
	for _, t := range tags {
		items = append(items, text("Key", t.Key)+text("Value", t.Value))
	}
	return members("Tags", items)
}

// lastUsedXML writes RoleLastUsed from its JSON.
func lastUsedXML(plain []byte) string {
	if plain == nil {
		return ""
	}
	var used struct{ LastUsedDate, Region string }
	_ = json.Unmarshal(plain, &used) // a fixture's mistake shows as an empty element
	return element("RoleLastUsed", optional("LastUsedDate", used.LastUsedDate), optional("Region", used.Region))
}

func (s *Server) policyXML(p account.ManagedPolicy) string {
	return text("PolicyName", p.Name) + text("PolicyId", p.ID) + text("Arn", p.ARN) + text("Path", p.Path) + text("DefaultVersionId", p.DefaultVersionID) +
		text("AttachmentCount", strconv.Itoa(s.state.attached[p.ARN])) + text("PermissionsBoundaryUsageCount", strconv.Itoa(s.state.bounding[p.ARN])) +
		text("IsAttachable", strconv.FormatBool(p.IsAttachable)) + optional("CreateDate", p.CreateDate) + optional("UpdateDate", p.UpdateDate)
}

func (s *Server) versionXML(q *query, v account.PolicyVersion) string {
	return s.document(q, "Document", v.Document.Text) + text("VersionId", v.ID) + text("IsDefaultVersion", strconv.FormatBool(v.IsDefault)) + optional("CreateDate", v.CreateDate)
}

func (s *Server) inlineXML(q *query, list string, policies []account.InlinePolicy) string {
	var items []string
	for _, p := range policies {
		items = append(items, text("PolicyName", p.Name)+s.document(q, "PolicyDocument", p.Document.Text))
	}
	return members(list, items)
}

// profilesXML writes an InstanceProfileList from its JSON.
func (s *Server) profilesXML(q *query, plain []byte) string {
	type role struct {
		RoleName, RoleId, Arn, Path, CreateDate string
		AssumeRolePolicyDocument                json.RawMessage
	}
	var profiles []struct {
		InstanceProfileName, InstanceProfileId, Arn, Path, CreateDate string
		Roles                                                         []role
	}
	if plain != nil {
		_ = json.Unmarshal(plain, &profiles) // a fixture's mistake shows as an empty list
	}
	var items []string
	for _, p := range profiles {
		var roles []string
		for _, r := range p.Roles {
			roles = append(roles, text("RoleName", r.RoleName)+text("RoleId", r.RoleId)+text("Arn", r.Arn)+text("Path", r.Path)+
				optional("CreateDate", r.CreateDate)+s.document(q, "AssumeRolePolicyDocument", r.AssumeRolePolicyDocument))
		}
		items = append(items, text("InstanceProfileName", p.InstanceProfileName)+text("InstanceProfileId", p.InstanceProfileId)+
			text("Arn", p.Arn)+text("Path", p.Path)+optional("CreateDate", p.CreateDate)+members("Roles", roles))
	}
	return members("InstanceProfileList", items)
}
