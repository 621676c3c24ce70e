package main

import (
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/mattn/go-isatty"
)

// showProgress runs work with a progress bar on standard error, if that is a
// terminal and the work takes long enough to be worth one. A total of zero is
// not known.
func showProgress(title string, total uint64, work func(report func(done uint64)) error) error {
	if !isatty.IsTerminal(os.Stderr.Fd()) {
		return work(func(uint64) {})
	}
	w := progress.NewWriter()
	w.SetOutputWriter(os.Stderr)
	w.SetAutoStop(false)
	w.SetTrackerLength(30)
	w.SetUpdateFrequency(100 * time.Millisecond)
	w.Style().Visibility.ETA = true
	w.Style().Visibility.Speed = true
	bar := &progress.Tracker{Message: title, Total: int64(total), Units: progress.UnitsDefault}
	w.AppendTracker(bar)

	shown := make(chan struct{})
	late := time.AfterFunc(time.Second, func() {
		w.Render()
		close(shown)
	})
	err := work(func(done uint64) { bar.SetValue(int64(done)) })
	if late.Stop() {
		return err // finished before anybody would have looked
	}
	if err != nil {
		bar.MarkAsErrored()
	} else {
		bar.MarkAsDone()
	}
	for !w.IsRenderInProgress() {
		time.Sleep(10 * time.Millisecond)
	}
	w.Stop()
	<-shown
	return err
}
