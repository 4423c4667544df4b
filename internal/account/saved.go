package account

import (
	"fmt"
	"time"
)

const (
	versionKey      = "iamcheck_snapshot"
	snapshotVersion = 1
)

// savedDraft is iamcheck's own snapshot while it is read.
type savedDraft struct {
	Snapshot
	details details
	hasList bool // authorization_details is there
	at      place
}

// place are the offsets of values that are judged after all was read.
type place struct {
	whole, account, partition, details, absent int
}

var savedFields = []field[savedDraft]{
	{versionKey, func(r *reader, _ *savedDraft) { r.skip() }}, // savedVersion judges it
	{"account", func(r *reader, d *savedDraft) { d.at.account = r.offset(); d.Account = r.string() }},
	{"partition", func(r *reader, d *savedDraft) { d.at.partition = r.offset(); d.Partition = r.string() }},
	{"taken_at", readTakenAt},
	{"partial", func(r *reader, d *savedDraft) { d.Partial = r.bool() }},
	{"absent", func(r *reader, d *savedDraft) {
		d.at.absent = r.offset()
		r.readList(func() { d.Absent = append(d.Absent, r.string()) })
	}},
	{"authorization_details", func(r *reader, d *savedDraft) {
		d.at.details, d.hasList = r.offset(), true
		readDetails(r, &d.details)
		d.details.mustBeWhole(r, d.at.details)
	}},
	{"organization", readOrganization},
	{"gaps", func(r *reader, d *savedDraft) {
		r.readList(func() {
			at := r.offset()
			var g Gap
			if !r.mustBeObject() || !readObject(r, &g, gapFields, refuse) {
				return
			}
			if g.Operation == "" {
				r.problemAt(at, "has no operation; expected the call that failed, such as \"iam:GetRole\"")
			}
			d.Gaps = append(d.Gaps, g)
		})
	}},
}

var gapFields = []field[Gap]{
	{"operation", func(r *reader, g *Gap) { g.Operation = r.string() }},
	{"subject", func(r *reader, g *Gap) { g.Subject = r.string() }},
	{"error", func(r *reader, g *Gap) { g.Error = r.string() }},
}

func readTakenAt(r *reader, d *savedDraft) {
	at := r.offset()
	written := r.string()
	if written == "" {
		return
	}
	taken, err := time.Parse(time.RFC3339, written)
	if err != nil {
		r.problemAt(at, "is "+shown(written)+"; expected a time such as \"2026-01-31T15:04:05Z\"")
	}
	d.TakenAt = taken.UTC()
}

// readSaved reads iamcheck's own snapshot, or reports and returns nil.
func readSaved(r *reader) *Snapshot {
	d := savedDraft{at: place{whole: r.offset()}}
	if wrong := savedVersion(r); wrong {
		return nil
	}
	readObject(r, &d, savedFields, refuse)
	if r.more {
		return nil
	}
	if !d.hasList {
		r.problemAt(d.at.whole, "has no \"authorization_details\"; expected the account's users, groups, roles and policies")
		return nil
	}
	d.home(r)
	d.Users, d.Groups, d.Roles, d.Policies = d.details.users, d.details.groups, d.details.roles, d.details.policies
	d.Partial = d.Partial || !d.details.hasRoles
	d.Gaps = union(d.Gaps, d.details.gaps)
	for _, arn := range d.Absent {
		if accountOf(arn) != d.Account {
			r.problemAt(d.at.absent, "absent: "+shown(arn)+" is no ARN of account "+d.Account+"; expected the ARN of an entity that does not exist there")
		} else if _, there := d.details.seen[arn]; there {
			r.problemAt(d.at.absent, "absent: "+shown(arn)+" is in authorization_details; expected an entity that does not exist")
		}
	}
	return &d.Snapshot
}

// savedVersion looks at the version before all else, since the keys of a later
// one cannot be judged. It leaves pos at the beginning of the object.
func savedVersion(r *reader) (wrong bool) {
	begin := r.pos
	defer func() { r.pos = begin }()
	for first := true; r.next(first); first = false {
		if r.key() != versionKey {
			r.skip()
			continue
		}
		at := r.pos
		raw, _ := r.skip()
		if string(raw) == "1" {
			return false
		}
		message := versionKey + " is " + shown(string(raw)) + "; expected 1"
		if isLater(raw) {
			message = fmt.Sprintf("%s is %s: made by a later iamcheck; expected %d, which this one reads",
				versionKey, shown(string(raw)), snapshotVersion)
		}
		r.problemAt(at, message)
		return true
	}
	return true
}

// isLater tells whether a version is a whole number above snapshotVersion.
func isLater(raw []byte) bool {
	for _, c := range raw {
		if c < '0' || c > '9' {
			return false
		}
	}
	return string(raw) != "0"
}

// home settles the account and partition: as the file says, else as the ARNs
// of its entities do; and holds every entity against them.
func (d *savedDraft) home(r *reader) {
	if d.Account != "" && !isAccount(d.Account) {
		r.problemAt(d.at.account, "account is "+shown(d.Account)+"; expected twelve digits")
		return
	}
	if d.Partition != "" && !isPartition(d.Partition) {
		r.problemAt(d.at.partition, "partition is "+shown(d.Partition)+"; expected aws, aws-cn, aws-us-gov or another")
		return
	}
	for arn := range d.details.arns() {
		account, partition := accountOf(arn), partitionOf(arn)
		if d.Partition == "" {
			d.Partition = partition
		}
		if d.Account == "" && account != "aws" {
			d.Account = account
		}
		if partition != d.Partition || account != "aws" && account != d.Account {
			r.problemAt(d.at.details, fmt.Sprintf("authorization_details holds %s; expected entities of account %s in partition %s alone",
				shown(arn), d.Account, d.Partition))
			return
		}
	}
	if d.Account == "" && len(r.problems) == 0 {
		r.problemAt(d.at.whole, "has no account, and no entity that names one; expected \"account\": \"111122223333\"")
	}
	if d.Partition == "" {
		d.Partition = "aws"
	}
}
