package scenario

import (
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.yaml")
	var seeds [][]byte
	for _, f := range files {
		b, _ := os.ReadFile(f)
		seeds = append(seeds, b)
	}
	setup, _ := os.ReadFile("testdata/common.yaml")
	r := rand.New(rand.NewSource(1))
	end := time.Now().Add(40 * time.Second)
	n := 0
	var slow time.Duration
	for time.Now().Before(end) {
		src := append([]byte(nil), seeds[r.Intn(len(seeds))]...)
		for range 1 + r.Intn(4) {
			i := r.Intn(len(src))
			switch r.Intn(4) {
			case 0:
				src[i] = byte(r.Intn(256))
			case 1:
				src = append(src[:i], src[min(len(src), i+r.Intn(20)):]...)
			case 2:
				ins := []byte("\n \t[]{}:-?#&*!|>'\"%@`,$\xff\x00")
				src = append(src[:i], append([]byte{ins[r.Intn(len(ins))]}, src[i:]...)...)
			case 3:
				j := r.Intn(len(src))
				if i > j {
					i, j = j, i
				}
				if j-i > 200 {
					j = i + 200
				}
				k := r.Intn(len(src))
				src = append(src[:k:k], append(append([]byte(nil), src[i:j]...), src[k:]...)...)
			}
		}
		done := make(chan bool)
		t0 := time.Now()
		go func() {
			_, _ = Parse("fuzz.yaml", src, func(string) ([]byte, error) { return setup, nil })
			close(done)
		}()
		select {
		case <-done:
			if d := time.Since(t0); d > slow {
				slow = d
				t.Log("slowest", d, len(src))
			}
		case <-time.After(5 * time.Second):
			os.WriteFile("/tmp/hang.yaml", src, 0o600)
			buf := make([]byte, 1<<16)
			t.Fatalf("hang\n%s", buf[:runtime.Stack(buf, true)])
		}
		n++
	}
	t.Log(n)
}
