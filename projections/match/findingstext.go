package match

import (
	"strings"
)

// numberOf is the number of the document that the key names last.
func numberOf(f Finding) string {
	d := f.Key.Document()
	return d[strings.LastIndexByte(d, '/')+1:]
}
