package checks

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// cloudTrailEvent is what counts of a CloudTrail event
// (cloudtrail-event-reference-record-contents).
type cloudTrailEvent struct {
	EventID, EventName, EventSource, EventTime string
	ErrorCode, ErrorMessage                    string
	AWSRegion, RecipientAccountID              string
	VPCEndpointID, VPCEndpointAccountID        string
	UserIdentity                               struct {
		ARN            string
		SessionContext struct {
			SessionIssuer struct{ ARN string }
		}
	}
	RequestParameters json.RawMessage
	Resources         []struct{ ARN string }
}

// envelope is what holds events: a log file of CloudTrail's, the answer of
// `aws cloudtrail lookup-events`, or an event of EventBridge.
type envelope struct {
	cloudTrailEvent
	Records []cloudTrailEvent
	Events  []struct{ CloudTrailEvent string }
	Detail  *cloudTrailEvent
}

// events are those in an envelope.
func (e *envelope) events() []cloudTrailEvent {
	all := e.Records
	for _, inner := range e.Events {
		var one cloudTrailEvent
		if json.Unmarshal([]byte(inner.CloudTrailEvent), &one) == nil {
			all = append(all, one)
		}
	}
	if e.Detail != nil {
		all = append(all, *e.Detail)
	}
	all = append(all, e.cloudTrailEvent)
	return slices.DeleteFunc(all, func(e cloudTrailEvent) bool { return e.EventName == "" || e.EventSource == "" })
}

// readEvents reads a text of CloudTrail events; false where it is none. Several
// JSON values may follow one another.
func (r *Reading) readEvents(text []byte) bool {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	var all []cloudTrailEvent
	d := json.NewDecoder(bytes.NewReader(text))
	for d.More() {
		var value json.RawMessage
		if d.Decode(&value) != nil {
			break
		}
		var some []envelope
		if value[0] == '{' {
			some = make([]envelope, 1)
			_ = json.Unmarshal(value, &some[0]) // fields of another kind stay empty
		} else if json.Unmarshal(value, &some) != nil {
			continue
		}
		for i := range some {
			all = append(all, some[i].events()...)
		}
	}
	for i := range all {
		r.event(&all[i])
	}
	return len(all) > 0
}

// event takes in one event.
func (r *Reading) event(e *cloudTrailEvent) {
	r.Events++
	switch {
	case e.ErrorCode == "" && e.ErrorMessage == "":
		r.Succeeded++
		return
	case !refusal(e.ErrorCode):
		r.Failed++
		return
	}
	f := newFlat(e.ErrorMessage)
	var d Denial
	if found, _ := f.denials(); len(found) > 0 {
		d = found[0]
	}
	d.Encoded = f.encoded()
	d.Event = e.facts()
	if d.Principal == "" {
		d.Principal = e.UserIdentity.ARN
	}
	if prefix := servicePrefix(strings.TrimSuffix(strings.TrimSuffix(e.EventSource, ".amazonaws.com"), ".amazonaws.com.cn")); d.Action == "" && prefix != "" && plainWord(e.EventName) {
		d.Action = prefix + ":" + e.EventName
	}
	d.resourceOf(e)
	text := e.EventName + " " + e.ErrorCode
	if f.text != "" {
		text += ": " + f.text
	}
	c := Clue{Denial: &d, Text: newFlat(text).excerpt(0)}
	c.Around = newFlat(e.ErrorMessage + " " + string(e.RequestParameters)).text
	c.Around = c.Around[:min(len(c.Around), aroundLimit)]
	r.add(c)
}

// refusal tells of the error codes of a refusal: AccessDenied,
// AccessDeniedException, Client.UnauthorizedOperation and the like.
func refusal(code string) bool {
	code = strings.ToLower(code)
	return slices.ContainsFunc([]string{"accessdenied", "unauthorized", "notauthorized", "forbidden"}, func(w string) bool {
		return strings.Contains(code, w)
	})
}

// facts are those of the event that a message does not tell.
func (e *cloudTrailEvent) facts() *Event {
	at, _ := time.Parse(time.RFC3339, e.EventTime)
	out := &Event{
		ID: e.EventID, Name: e.EventName, Source: e.EventSource, Time: at, Code: e.ErrorCode,
		Region: e.AWSRegion, Account: e.RecipientAccountID, VPCEndpoint: e.VPCEndpointID, VPCEndpointAccount: e.VPCEndpointAccountID,
	}
	p := e.parameters()
	out.ExternalID = p.ExternalID
	out.Parameters = p.RoleARN != ""
	for _, t := range p.Tags {
		out.TagKeys = append(out.TagKeys, t.Key)
	}
	return out
}

// assumeParameters are what sts:AssumeRole was called with; CloudTrail leaves
// them out of many refused calls.
type assumeParameters struct {
	RoleARN, ExternalID string
	Tags                []struct{ Key string }
}

func (e *cloudTrailEvent) parameters() assumeParameters {
	var p assumeParameters
	_ = json.Unmarshal(e.RequestParameters, &p) // those of another call, or null: nothing is told
	return p
}

// resourceOf fills in a resource that the message does not tell.
func (d *Denial) resourceOf(e *cloudTrailEvent) {
	if d.Resource != "" && d.Resource != "*" {
		return
	}
	switch {
	case e.parameters().RoleARN != "":
		d.Resource = e.parameters().RoleARN
	case len(e.Resources) > 0 && strings.HasPrefix(e.Resources[0].ARN, "arn:"):
		d.Resource = e.Resources[0].ARN
	}
}
