package account

import "time"

// Snapshot is the IAM of one account. The zero value is an account of which
// nothing was read.
type Snapshot struct {
	Account   string    // twelve digits
	Partition string    // "aws", "aws-cn", "aws-us-gov", …
	TakenAt   time.Time // zero where the file does not say

	Users    []User
	Groups   []Group
	Roles    []Role
	Policies []ManagedPolicy

	// Organization is nil where the organization's policies were not read.
	Organization *Organization
	Gaps         []Gap

	// Partial is set where only named entities were read: what is not here may
	// exist all the same, unless Absent names it.
	Partial bool
	// Absent are ARNs of entities that were asked for and that do not exist.
	Absent []string

	// File is where the snapshot was read from; "" for a live read. It is not
	// part of the JSON form.
	File string
	// Index makes lookups fast. Read and Merge set it; without it, or after the
	// lists were replaced, lookups are slower and answer the same. It is not
	// part of the JSON form, and equal to every other Index.
	Index *Index
}

// Gap is something that could not be read. Nothing follows from its absence.
type Gap struct {
	Operation string `json:"operation"` // "iam:GetRole"
	Subject   string `json:"subject"`   // ARN of the entity; the role for its inline policies, the policy for its versions
	Error     string `json:"error"`     // the error code, or what was wrong with the answer
}

// Document is the text of a policy document. The zero value means that the
// document was not read.
type Document struct {
	Text []byte // JSON, decoded; nil where it was not read
	// May is a document of the statements that may be in force besides Text, each
	// as wide as it can turn out; nil where there are none. Only an overlay of a
	// plan has them. Not part of the JSON form.
	May []byte
	// Line is the line of the snapshot file on which Text begins, where the
	// file holds it as an object; 0 otherwise. Not part of the JSON form.
	Line int
}

// Tag is a tag of an entity. Keys are compared as IAM does: case-insensitively.
type Tag struct {
	Key   string `json:"Key"`
	Value string `json:"Value"`
}

// InlinePolicy is a policy embedded in a user, group or role.
type InlinePolicy struct {
	Name     string
	Document Document
}

// AttachedPolicy names a managed policy that is attached.
type AttachedPolicy struct {
	Name string
	ARN  string
}

// Role is an IAM role.
type Role struct {
	ARN              string
	Name             string
	ID               string // AROA…
	Path             string
	CreateDate       string // as AWS wrote it
	Trust            Document
	Inline           []InlinePolicy
	Attached         []AttachedPolicy
	Boundary         string // ARN of the permissions boundary, "" where there is none
	Tags             []Tag
	InstanceProfiles []byte // InstanceProfileList as it was read, JSON; nil where absent
	LastUsed         []byte // RoleLastUsed as it was read, JSON; nil where absent
}

// User is an IAM user.
type User struct {
	ARN        string
	Name       string
	ID         string // AIDA…
	Path       string
	CreateDate string
	Inline     []InlinePolicy
	Attached   []AttachedPolicy
	Groups     []string // names
	Boundary   string
	Tags       []Tag
}

// Group is an IAM group.
type Group struct {
	ARN        string
	Name       string
	ID         string
	Path       string
	CreateDate string
	Inline     []InlinePolicy
	Attached   []AttachedPolicy
}

// ManagedPolicy is a customer or AWS managed policy with the versions that
// were read.
type ManagedPolicy struct {
	ARN              string
	Name             string
	ID               string
	Path             string
	DefaultVersionID string
	Versions         []PolicyVersion
	CreateDate       string
	UpdateDate       string
	AttachmentCount  int
	BoundaryUsage    int // PermissionsBoundaryUsageCount
	IsAttachable     bool
}

// PolicyVersion is one version of a managed policy.
type PolicyVersion struct {
	ID         string // "v3"
	IsDefault  bool
	CreateDate string
	Document   Document
}

// Organization is what AWS Organizations puts above the account: for each
// level from the root to the account, the documents attached there.
type Organization struct {
	ID                string // "o-…", "" where not known
	ManagementAccount string // "" where not known
	SCPs              [][]OrganizationPolicy
	RCPs              [][]OrganizationPolicy
}

// OrganizationPolicy is one SCP or RCP.
type OrganizationPolicy struct {
	Name     string // ARN or id where known, else "scp level 0 policy 1"
	Document Document
}
