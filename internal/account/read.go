package account

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"
)

// maxSize bounds a snapshot file. 10,000 roles that all use up IAM's quotas for
// policy text, printed with indentation, stay below it.
const maxSize = 512 << 20

// maxValues bounds the pages or snapshots of one file: pages hold up to 1,000
// entities each (API_GetAccountAuthorizationDetails).
const maxValues = 10_000

// Read reads the snapshots of one file, in either form of design 4.4: what
// `aws iam get-account-authorization-details` prints (several pages may follow
// each other), or iamcheck's own snapshot. There is one Snapshot for each
// account, in the order of the account ids where a file of AWS's form tells of
// several. name is the file's name, for messages and Snapshot.File.
//
// The error is a *ReadError where the text is at fault. A single document that
// cannot be decoded is no error: it has no Text, and the snapshot a Gap.
//
// The snapshots refer to the text that was read, which stays in memory.
func Read(name string, from io.Reader) ([]*Snapshot, error) {
	text, err := readAll(name, from, maxSize)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if problem := notText(text); problem != nil {
		return nil, &ReadError{File: name, Problems: []Problem{*problem}}
	}
	values, problem := split(text)
	if problem != nil {
		return nil, &ReadError{File: name, Problems: []Problem{*problem}}
	}
	r := &reader{scanner: scanner{text: text}, file: name}
	snapshots := readValues(r, values)
	if err := r.err(); err != nil {
		return nil, err
	}
	for _, s := range snapshots {
		s.File = name
		s.Index = newIndex(s)
	}
	return snapshots, nil
}

// readAll reads the whole file, but gives up after the first bytes where they
// show that this is no snapshot, and where it has more than limit bytes.
func readAll(name string, from io.Reader, limit int) ([]byte, error) {
	head := make([]byte, 4096)
	n, err := io.ReadFull(from, head)
	head = head[:n]
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if what := looksLikeText(head); what != "" {
		return nil, &ReadError{File: name, Problems: []Problem{{1, 1, what}}}
	}
	if n < cap(head) {
		return head, nil // the file ends here
	}
	buffer := bytes.NewBuffer(make([]byte, 0, sizeOf(from)))
	buffer.Write(head)
	if _, err := io.Copy(buffer, io.LimitReader(from, int64(limit+1-n))); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if buffer.Len() > limit {
		message := fmt.Sprintf("is larger than %d MiB; expected one account's IAM, which is not", limit>>20)
		return nil, &ReadError{File: name, Problems: []Problem{{Message: message}}}
	}
	return buffer.Bytes(), nil
}

// sizeOf is a capacity that holds all of from without growing, where its size
// is known.
func sizeOf(from io.Reader) int {
	const unknown, room = 64 << 10, bytes.MinRead
	size := int64(unknown)
	switch from := from.(type) {
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := from.Stat(); err == nil {
			size = info.Size()
		}
	case interface{ Len() int }: // what is left after the head
		size = int64(from.Len()) + 4096
	}
	if size > maxSize {
		return unknown
	}
	return max(unknown, int(size)+room)
}

// notText reports a text that is empty or not UTF-8, nil where it is neither.
func notText(text []byte) *Problem {
	if len(bytes.TrimLeft(text, " \t\r\n")) == 0 {
		return &Problem{Message: "is empty; " + expectedSnapshot}
	}
	if utf8.Valid(text) {
		return nil
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return problemIn(text, i, fmt.Sprintf("byte 0x%02x is not valid UTF-8; expected JSON in UTF-8", text[i]))
		}
		i += size
	}
	return nil
}

// problemIn is a problem at an offset of a text.
func problemIn(text []byte, offset int, message string) *Problem {
	s := scanner{text: text}
	return &Problem{s.lineAt(offset), s.columnAt(offset), message}
}

// value is one of the JSON objects of a file.
type value struct {
	offset int
	keys   map[string]bool
}

// split checks that the text is JSON objects, one after the other.
func split(text []byte) (values []value, bad *Problem) {
	s := scanner{text: text}
	for s.space(); s.pos < len(text); s.space() {
		if s.text[s.pos] != '{' {
			r, _ := utf8.DecodeRune(text[s.pos:])
			return nil, problemIn(text, s.pos, fmt.Sprintf("unexpected %q after the snapshot; expected nothing more, or a further page", r))
		}
		if len(values) == maxValues {
			return nil, problemIn(text, s.pos, fmt.Sprintf("more than %d JSON objects; expected the pages of one account's IAM", maxValues))
		}
		v := value{s.pos, map[string]bool{}}
		s.keys = v.keys
		if _, err := s.check(maxDepth); err != nil {
			var syntax *syntaxError
			errors.As(err, &syntax)
			return nil, problemIn(text, syntax.offset, syntax.what)
		}
		values = append(values, v)
	}
	return values, nil
}

// readValues reads each object of the file in the form that its keys show.
// Objects of AWS's form that follow each other are the pages of one output.
func readValues(r *reader, values []value) []*Snapshot {
	var snapshots []*Snapshot
	var pages *details
	last := 0
	finish := func() {
		if pages != nil && !r.more {
			pages.mustBeWhole(r, last)
			snapshots = append(snapshots, pages.snapshots(r, last)...)
		}
		pages = nil
	}
	for _, v := range values {
		if r.more {
			break
		}
		r.pos = v.offset
		switch {
		case v.keys[versionKey]:
			finish()
			if s := readSaved(r); s != nil {
				snapshots = append(snapshots, s)
			}
		case isDetails(v.keys):
			if pages == nil {
				pages = &details{}
			} else if !pages.page.incomplete() {
				finish()
				pages = &details{}
			}
			last = v.offset
			readDetails(r, pages)
		default:
			r.problemAt(v.offset, looksLikeObject(v.keys))
		}
	}
	finish()
	return snapshots
}

// topKeys returns the keys of the object at pos, as many as are needed to tell
// what it is. It leaves pos where it was.
func (s *scanner) topKeys() map[string]bool {
	from := s.pos
	s.keys = map[string]bool{}
	s.skip()
	keys := s.keys
	s.pos, s.keys = from, nil
	return keys
}

// isDetails tells whether the keys are those of AWS's form.
func isDetails(keys map[string]bool) bool {
	return keys["UserDetailList"] || keys["GroupDetailList"] || keys["RoleDetailList"]
}
