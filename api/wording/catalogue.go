package wording

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"aftersales-ledger/domain"
)

// The catalogue: one file for each area. An entry is two lines, the English
// sentence as it stands in the source and the Chinese one; an empty line ends
// it, # begins a comment. The Chinese takes the figures by the English order,
// or names another: %[2]s is the second.
//
//go:embed zh/*.txt
var files embed.FS

var chinese = sync.OnceValue(func() map[domain.Sentence]string {
	entries, err := readCatalogue(files)
	if err != nil {
		panic(err) // a broken file of the program itself; the tests read it first
	}
	return entries
})

func readCatalogue(files fs.FS) (map[domain.Sentence]string, error) {
	names, err := fs.Glob(files, "zh/*.txt")
	if err != nil {
		return nil, err
	}
	entries := make(map[domain.Sentence]string)
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := readArea(name, string(content), entries); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func readArea(name, content string, entries map[domain.Sentence]string) error {
	english := ""
	for i, line := range strings.Split(content+"\n", "\n") {
		bad := func(what string) error { return fmt.Errorf("%s:%d: %s", name, i+1, what) }
		switch line = strings.TrimRight(line, "\r"); {
		case strings.HasPrefix(line, "#"):
		case line == "" && english != "":
			return bad(fmt.Sprintf("%q has no Chinese below it", english))
		case line == "":
		case english == "":
			english = line
		default:
			if _, twice := entries[domain.Sentence(english)]; twice {
				return bad(fmt.Sprintf("%q has an entry already", english))
			}
			entries[domain.Sentence(english)], english = line, ""
		}
	}
	return nil
}
