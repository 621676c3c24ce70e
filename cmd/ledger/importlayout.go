package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/imports"
)

// headings say how a list names its columns.
type headings struct {
	Columns    map[string]string `help:"Headings by column where they are not usual ones: --columns 数量=收费情况/数量." placeholder:"COLUMN=HEADING" mapsep:"none"`
	Layout     string            `help:"Read the columns under this name: of a bank's export (招商银行, CMB), or saved before; ? lists the names." placeholder:"NAME"`
	SaveLayout string            `help:"Save --columns under this name for the next list; done once the file, or lines of it, are booked, and never by a look or a dry run." placeholder:"NAME"`
}

// list lists the layouts where these are asked for, and sees to it that a file
// is named otherwise.
func (h headings) list(ctx context.Context, cl *client.Client, kind, file string) (done bool, err error) {
	switch {
	case h.Layout == "?":
		return true, imports.PrintLayouts(ctx, cl, os.Stdout, kind)
	case file == "":
		return false, errors.New(cl.Language.Label("请写出要导入的文件 name the file to import"))
	}
	return false, nil
}

// save saves the columns, where this is asked for, of a file of which something
// was booked; of another it says that they are not saved yet.
func (h headings) save(ctx context.Context, cl *client.Client, kind string, booked bool) error {
	if h.SaveLayout == "" {
		return nil
	}
	if !booked {
		_, err := fmt.Println(cl.Language.Label("版式未存，入账后才保存： the layout is not saved; it is once the file is booked:"),
			"--save-layout", h.SaveLayout)
		return err
	}
	if err := imports.SaveLayout(ctx, cl, kind, h.SaveLayout, h.Layout, h.Columns); err != nil {
		return fmt.Errorf("--save-layout %s: %w", h.SaveLayout, err)
	}
	_, err := fmt.Println(cl.Language.Label("版式已存： layout saved:"), "--layout", h.SaveLayout)
	return err
}
