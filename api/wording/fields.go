package wording

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed zh/names/fields.txt
var fieldFile string

//go:embed zh/names/records.txt
var recordFile string

//go:embed zh/names/operations.txt
var operationFile string

// fields are the names that the forms give to the fields of requests, operations what
// each command of the API does, and [AREA] what it belongs to.
var (
	fields     = sync.OnceValue(func() map[string]string { return tableOf(fieldFile) })
	operations = sync.OnceValue(func() map[string]string { return tableOf(operationFile) })
)

func tableOf(file string) map[string]string {
	names := make(map[string]string)
	for line := range strings.Lines(file) {
		if field, name, ok := strings.Cut(strings.TrimSpace(line), " = "); ok && !strings.HasPrefix(line, "#") {
			names[field] = name
		}
	}
	return names
}

// OperationNames lists what has a line in the table of operations.
func OperationNames() []string { return slices.Sorted(maps.Keys(operations())) }

// Operation says what an operation does: in Chinese by the table, where this program is
// as new as the document that has it; else as the document says it.
func (l Language) Operation(name, summary string) string {
	if said, ok := operations()[name]; ok && l != English {
		return said
	}
	return summary
}

// Area is what operations of one area are about; in English its name.
func (l Language) Area(name string) string { return l.Operation("["+name+"]", name) }

// FieldTable is the table of fields as it stands: for whoever says them elsewhere.
func FieldTable() string { return fieldFile }

// RecordTable has the names of what events hold that no request asks for, or that a
// request calls otherwise.
func RecordTable() string { return recordFile }

var element = regexp.MustCompile(`\[(\d+)\]`)

// Field names a field, given by its path in the request, as the form names it:
// lines[1].amount is 第 2 行金额（lines[1].amount）. In English the path is the name.
func (l Language) Field(path string) string { return l.FieldIn("", path) }

// FieldIn is Field where the records of a room call a field otherwise than those of the
// others: the owner of a home is 业主, that of a finding 责任人. The table names these as
// findings/owner, and those of a part of a room as projects/depot/from.
func (l Language) FieldIn(room, path string) string {
	if l == English {
		return path
	}
	name := FieldName(path)
	for ; room != ""; room = room[:max(strings.LastIndexByte(room, '/'), 0)] {
		_, last, _ := cutLast(path)
		if own := fields()[room+"/"+element.ReplaceAllString(last, "")]; own != "" {
			name = own
			break
		}
	}
	if name == "" {
		return path
	}
	if m := element.FindStringSubmatch(path); m != nil {
		n, _ := strconv.Atoi(m[1])
		name = fmt.Sprintf("第 %d 行%s", n+1, name)
	}
	return name + "（" + path + "）"
}

// FieldName is what the forms call a field, in Chinese; empty of one that none
// has.
func FieldName(path string) string {
	_, last, _ := cutLast(path)
	return fields()[element.ReplaceAllString(last, "")]
}

// cutLast cuts a path before its last name.
func cutLast(path string) (before, last string, nested bool) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:], i >= 0
}
