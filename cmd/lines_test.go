package cmd_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// columns is how long a line may be, a tab counted as one.
const columns = 120

// Lines are as short as people read them. What cannot be broken without being
// harder to find or to read may be longer: a sentence, the tags of a struct, and the
// row of a table of data.
func TestNoLineIsLongerThanPeopleRead(t *testing.T) {
	read := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != "..":
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		for i, line := range strings.Split(string(source), "\n") {
			wide := utf8.RuneCountInString(line)
			if wide-longestText(line) > columns && !strings.Contains(line, "`") && !isRow(line) {
				t.Errorf("%s:%d has %d columns, more than %d", strings.TrimPrefix(path, "../"), i+1, wide, columns)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 100 {
		t.Errorf("read %d files; the walk does not see the source", read)
	}
}

func isRow(line string) bool {
	line = strings.TrimSpace(line)
	line = strings.TrimPrefix(line, "- ") // of YAML in a text
	begins := strings.HasPrefix(line, "{") || strings.HasPrefix(line, `"`)
	return begins && (strings.HasSuffix(line, ",") || strings.HasSuffix(line, "{") || strings.HasSuffix(line, "}"))
}

// longestText is how many columns the longest text between quotes takes.
func longestText(line string) (longest int) {
	for i := 0; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		end := i + 1
		for end < len(line) && line[end] != '"' {
			if line[end] == '\\' {
				end++
			}
			end++
		}
		if end < len(line) {
			longest = max(longest, utf8.RuneCountInString(line[i+1:end]))
		}
		i = end
	}
	return longest
}
