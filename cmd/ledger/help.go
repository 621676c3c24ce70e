package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/scenario"
)

// What the tool says of itself in Chinese: helpzh.txt has the English line over the
// Chinese line, detailszh.txt what a command's help says at length, under its path.
var (
	//go:embed helpzh.txt
	helpZH string
	//go:embed detailszh.txt
	detailsZH string
)

var chineseHelp = sync.OnceValue(func() map[string]string {
	said := make(map[string]string)
	for pair := range strings.SplitSeq(strings.TrimSpace(helpZH), "\n\n") {
		english, chinese, _ := strings.Cut(pair, "\n")
		said[english] = strings.TrimSpace(chinese)
	}
	return said
})

var chineseDetails = sync.OnceValue(func() map[string]string {
	said := make(map[string]string)
	for block := range strings.SplitSeq("\n"+detailsZH, "\n== ") {
		path, text, _ := strings.Cut(block, "\n")
		said[path] = strings.TrimSpace(text)
	}
	said["token make"] = fmt.Sprintf(said["token make"], strings.Join(roleNames(), "、"))
	said["scenario"] = scenario.HelpZH
	said["form"] = fmt.Sprintf(said["form"], paperList(func(p printed) string { return p.chinese }))
	for _, of := range []string{"user", "user grant"} {
		said[of] = fmt.Sprintf(said[of], strings.Replace(reachHelp(), "the whole company", "全公司", 1))
	}
	return said
})

// languageOf is what whoever typed the arguments reads, before these are parsed:
// help is printed while they are.
func languageOf(args []string) wording.Language {
	asked := os.Getenv("LEDGER_LANG")
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			asked = value
		} else if arg == "--lang" && i+1 < len(args) {
			asked = args[i+1]
		}
	}
	return (&cli{Lang: asked}).language()
}

// helpIn are the options by which the tool explains itself in a language.
func helpIn(l wording.Language) []kong.Option {
	own := described[:len(described):len(described)]
	if l == wording.English {
		return append(own, kong.Help(printHelp(l, kong.DefaultHelpPrinter)),
			kong.PostBuild(func(k *kong.Kong) error {
				inEnglish(k.Model.Node)
				return nil
			}))
	}
	return append(own, kong.Help(printHelp(l, printChineseHelp)),
		kong.PostBuild(func(k *kong.Kong) error {
			say(nil, k.Model.Node)
			return nil
		}))
}

// headword is what a help calls its matter in Chinese, before it says in English what it is.
var headword = regexp.MustCompile(`^\p{Han}+(?: F\d| \(F\d\))?: `)

// inEnglish leaves the Chinese headwords out of a command's help and of all below it.
func inEnglish(n *kong.Node) {
	if word := headword.FindString(n.Help); word != "" {
		said := strings.TrimPrefix(n.Help, word)
		n.Help = strings.ToUpper(said[:1]) + said[1:]
	}
	for _, child := range n.Children {
		inEnglish(child)
	}
}

// groupsZH are the headings of flags that stand together.
var groupsZH = map[string]string{"network": "网络：", "door": "登录："}

// say puts the Chinese in the place of a command's help and of all below it.
func say(path []string, n *kong.Node) {
	chinese := func(english *string) {
		if text, ok := chineseHelp()[*english]; ok { // a test names what is missing
			*english = text
		}
	}
	chinese(&n.Help)
	if text, ok := chineseDetails()[strings.Join(path, " ")]; ok && n.Detail != "" {
		n.Detail = text
	}
	for _, p := range n.Positional {
		chinese(&p.Help)
	}
	for _, f := range n.Flags {
		chinese(&f.Help)
		if title, ok := groupsZH[groupOf(f)]; ok {
			f.Group.Title = title
		}
	}
	for _, child := range n.Children {
		say(append(path, child.Name), child)
	}
}

// groupOf is the key of a flag's group, empty where it has none.
func groupOf(f *kong.Flag) string {
	if f.Group == nil {
		return ""
	}
	return f.Group.Key
}

// printChineseHelp prints what kong prints, under headings in Chinese.
func printChineseHelp(options kong.HelpOptions, ctx *kong.Context) error {
	var b bytes.Buffer
	out := ctx.Stdout
	ctx.Stdout = &b
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = out
	if err != nil {
		return err
	}
	text := strings.NewReplacer("Usage: ", "用法：", "\nArguments:\n", "\n参数：\n", "\nFlags:\n", "\n选项：\n",
		"\nCommands:\n", "\n命令：\n", " [flags]", " [选项]", " <command>", " <命令>", "\nRun \"", "\n运行 \"",
		"\" for more information on a command.", "\" 查看各命令的说明。").Replace(b.String())
	_, err = out.Write([]byte(text))
	return err
}

// What kong puts in quotation marks, and how it names an argument that it cannot use.
var (
	quoted   = regexp.MustCompile(`"([^"]*)"`)
	argument = regexp.MustCompile(`\[?<([^<>]+)>\]?: `)
)

// enumerated is what kong says of a flag that takes some values only.
var enumerated = regexp.MustCompile(`must be one of "[^"]*"(?:,"[^"]*")*`)

// misused says in one line what is wrong with the arguments, and where help is.
func misused(l wording.Language, err error) string {
	help := "ledger"
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil {
		for _, at := range p.Context.Path {
			if at.Command != nil {
				help += " " + at.Command.Name
			}
		}
	}
	help += " --help"
	if l == wording.English {
		return fmt.Sprintf("%v; '%s' explains what there is", err, help)
	}
	said := enumerated.ReplaceAllStringFunc(l.Error(err), func(list string) string {
		var values wording.Codes
		for _, m := range quoted.FindAllStringSubmatch(list, -1) {
			if m[1] != "" { // which stands for none
				values = append(values, m[1])
			}
		}
		return l.Sayf("must be one of %v", values)
	})
	said = argument.ReplaceAllString(said, "<$1>：")
	what := strings.NewReplacer("unknown flag ", "没有这个选项：", "unexpected argument ", "多余或不认识的参数：",
		"missing flags: ", "缺少选项：", "missing flag ", "缺少选项：", "expected one of ", "应为下列之一：", "expected ", "缺少：",
		", did you mean one of ", "，是否要写下列之一：", ", did you mean ", "，是否要写 ",
		" but got ", "，实为 ").Replace(strings.TrimSuffix(said, "?"))
	what = strings.NewReplacer("”, “", "”、“", "”, ...", "”等", "是否要写 “", "是否要写“", "，实为 “", "，实为“").Replace(
		quoted.ReplaceAllString(what, "“$1”"))
	return fmt.Sprintf("命令有误：%s；说明见 %s", what, help)
}
