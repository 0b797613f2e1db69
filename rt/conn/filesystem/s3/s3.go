// Package s3 is the file system of Amazon S3, and of what speaks its protocol, for
// the connector of files. A file that is written is an upload in parts, which
// completes when the file is published: nobody sees a file before, or half of one.
package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"pyfc/rt/conn/filesystem"
)

func init() {
	for _, scheme := range []string{"s3", "s3a", "s3n"} {
		filesystem.Register(scheme, open)
	}
}

// store is the buckets that a client reaches; paths begin with the bucket.
type store struct {
	scheme string
	client *s3.Client
}

// patience is how long an answer may take to begin; what takes longer is asked for
// again, as often as Amazon's client does.
var patience = time.Minute

// open makes a client: by the settings, else as all programs of Amazon's do, by
// environment, shared files, container or machine.
func open(scheme string, settings map[string]string) (filesystem.Store, error) {
	setting := func(names ...string) string {
		for _, name := range names {
			if v := settings[name]; v != "" {
				return v
			}
		}
		return ""
	}
	load := []func(*config.LoadOptions) error{config.WithHTTPClient(awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.ResponseHeaderTimeout = patience
	}))}
	key, secret := setting("s3.access-key", "s3.access.key", "fs.s3a.access.key"), setting("s3.secret-key", "s3.secret.key", "fs.s3a.secret.key")
	if key != "" && secret != "" {
		load = append(load, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(key, secret, setting("fs.s3a.session.token"))))
	}
	if region := setting("s3.endpoint.region", "s3.region", "fs.s3a.endpoint.region"); region != "" {
		load = append(load, config.WithRegion(region))
	}
	cfg, err := config.LoadDefaultConfig(context.Background(), load...)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	return &store{scheme: scheme, client: s3.NewFromConfig(cfg, func(o *s3.Options) {
		if endpoint := setting("s3.endpoint", "fs.s3a.endpoint"); endpoint != "" {
			if !strings.Contains(endpoint, "://") {
				endpoint = "https://" + endpoint
			}
			o.BaseEndpoint = &endpoint
			// Others than Amazon rarely give each bucket a host.
			o.UsePathStyle = setting("s3.path.style.access", "s3.path-style-access", "fs.s3a.path.style.access") != "false"
		} else {
			o.UsePathStyle = setting("s3.path.style.access", "s3.path-style-access", "fs.s3a.path.style.access") == "true" || cfg.BaseEndpoint != nil
		}
		// Stand-ins don't know Amazon's newer sums.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})}, nil
}

// split parts a path into bucket and key.
func split(p string) (bucket, key *string) {
	b, k, _ := strings.Cut(p, "/")
	return &b, &k
}

// missing reports whether an error says that something isn't there.
func missing(err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode() {
	case "NoSuchKey", "NotFound", "NoSuchBucket", "NoSuchUpload":
		return true
	}
	return false
}

// failed is an error with the path that it is about.
func (s *store) failed(p string, err error) error {
	if missing(err) {
		return fmt.Errorf("%s: %w", s.Name(p), errors.Join(fs.ErrNotExist, err))
	}
	return fmt.Errorf("%s: %w", s.Name(p), err)
}

// List implements filesystem.Store.
func (s *store) List(p string) ([]filesystem.Entry, error) {
	ctx := context.Background()
	bucket, key := split(p)
	if *key != "" {
		head, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key})
		if err == nil {
			return []filesystem.Entry{{Path: p, Size: aws.ToInt64(head.ContentLength), Modified: aws.ToTime(head.LastModified)}}, nil
		}
		if !missing(err) {
			return nil, s.failed(p, err)
		}
	}
	prefix := folder(*key)
	var files []filesystem.Entry
	pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: &prefix})
	found := false
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, s.failed(p, err)
		}
		for _, o := range page.Contents {
			found = true
			below := strings.TrimPrefix(*o.Key, prefix)
			if below == "" || strings.HasSuffix(below, "/") || hidden(below) {
				continue
			}
			files = append(files, filesystem.Entry{Path: *bucket + "/" + *o.Key, Size: aws.ToInt64(o.Size), Modified: aws.ToTime(o.LastModified)})
		}
	}
	if !found {
		return nil, fmt.Errorf("%s: %w", s.Name(p), fs.ErrNotExist)
	}
	return files, nil
}

func folder(key string) string {
	if key == "" {
		return ""
	}
	return strings.TrimSuffix(key, "/") + "/"
}

func hidden(below string) bool {
	for part := range strings.SplitSeq(below, "/") {
		if filesystem.Hidden(part) {
			return true
		}
	}
	return false
}

// Folders implements filesystem.Store.
func (s *store) Folders(p string) (names []string, err error) {
	bucket, key := split(p)
	prefix := folder(*key)
	pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: &prefix, Delimiter: aws.String("/")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			return nil, s.failed(p, err)
		}
		for _, c := range page.CommonPrefixes {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(*c.Prefix, prefix), "/"))
		}
	}
	return names, nil
}

// Name implements filesystem.Store.
func (s *store) Name(p string) string { return s.scheme + "://" + p }

// input is an object that is read: one after the other, or in ranges.
type input struct {
	s      *store
	entry  filesystem.Entry
	body   io.ReadCloser // from at on; nil before the first Read
	offset int64
}

// Open implements filesystem.Store.
func (s *store) Open(p string) (filesystem.Input, error) {
	bucket, key := split(p)
	head, err := s.client.HeadObject(context.Background(), &s3.HeadObjectInput{Bucket: bucket, Key: key})
	if err != nil {
		return nil, s.failed(p, err)
	}
	return &input{s: s, entry: filesystem.Entry{Path: p, Size: aws.ToInt64(head.ContentLength), Modified: aws.ToTime(head.LastModified)}}, nil
}

func (f *input) Entry() filesystem.Entry { return f.entry }

// get asks for the bytes from lo on, up to and with hi unless that is negative.
func (f *input) get(lo, hi int64) (io.ReadCloser, error) {
	bucket, key := split(f.entry.Path)
	in := &s3.GetObjectInput{Bucket: bucket, Key: key}
	switch {
	case hi >= 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", lo, hi))
	case lo > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", lo))
	}
	out, err := f.s.client.GetObject(context.Background(), in)
	if err != nil {
		return nil, f.s.failed(f.entry.Path, err)
	}
	return out.Body, nil
}

// Read goes on where the last one ended.
func (f *input) Read(p []byte) (n int, err error) {
	if f.offset >= f.entry.Size {
		return 0, io.EOF
	}
	if f.body == nil {
		if f.body, err = f.get(f.offset, -1); err != nil {
			return 0, err
		}
	}
	n, err = f.body.Read(p)
	f.offset += int64(n)
	if err != nil && f.offset < f.entry.Size && n > 0 {
		err = f.Close() // the connection ended: the next call goes on with another
	}
	return n, err
}

// ReadAt implements io.ReaderAt.
func (f *input) ReadAt(p []byte, at int64) (int, error) {
	if at >= f.entry.Size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	hi := min(at+int64(len(p)), f.entry.Size) - 1
	body, err := f.get(at, hi)
	if err != nil {
		return 0, err
	}
	defer body.Close()
	n, err := io.ReadFull(body, p[:hi-at+1])
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// Seek implements io.Seeker, from the start.
func (f *input) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart {
		return 0, errors.New("s3: only positions from the start")
	}
	f.offset = offset
	return offset, f.Close()
}

// Close ends the reading of the body.
func (f *input) Close() error {
	if f.body == nil {
		return nil
	}
	err := f.body.Close()
	f.body = nil
	return err
}

// Prepare implements filesystem.Store: the bucket must be there.
func (s *store) Prepare(folder, _ string) error {
	bucket, _ := split(folder)
	if _, err := s.client.HeadBucket(context.Background(), &s3.HeadBucketInput{Bucket: bucket}); err != nil {
		return s.failed(*bucket, err)
	}
	return nil
}

// partSize is the size of an upload's parts, but for the last; S3 takes no less.
const partSize = 8 << 20

// output is an upload. Its From is the upload's number and the tags of its parts.
type output struct {
	s    *store
	path string
	id   string
	buf  bytes.Buffer
	tags []string
}

// Create implements filesystem.Store.
func (s *store) Create(folder, name string) (filesystem.Output, error) {
	o := &output{s: s, path: path.Join(folder, name)}
	bucket, key := split(o.path)
	up, err := s.client.CreateMultipartUpload(context.Background(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key})
	if err != nil {
		return nil, s.failed(o.path, err)
	}
	o.id = *up.UploadId
	return o, nil
}

func (o *output) From() string { return strings.Join(append([]string{o.id}, o.tags...), " ") }
func (o *output) To() string   { return o.path }

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	n, _ := o.buf.Write(p) // never fails
	if o.buf.Len() < partSize {
		return n, nil
	}
	return n, o.part()
}

// part uploads what has been written.
func (o *output) part() error {
	bucket, key := split(o.path)
	out, err := o.s.client.UploadPart(context.Background(), &s3.UploadPartInput{
		Bucket: bucket, Key: key, UploadId: &o.id, PartNumber: aws.Int32(int32(len(o.tags) + 1)), Body: bytes.NewReader(o.buf.Bytes()),
	})
	if err != nil {
		return o.s.failed(o.path, err)
	}
	o.tags = append(o.tags, *out.ETag)
	o.buf.Reset()
	return nil
}

// Sync does nothing: what counts is what is uploaded when the file is closed.
func (o *output) Sync() error { return nil }

// Close uploads the rest.
func (o *output) Close() error {
	if o.buf.Len() == 0 && len(o.tags) > 0 {
		return nil
	}
	return o.part()
}

// Publish implements filesystem.Store.
func (s *store) Publish(from, to string) error {
	bucket, key := split(to)
	fields := strings.Fields(from)
	done := &types.CompletedMultipartUpload{}
	for i, tag := range fields[1:] {
		done.Parts = append(done.Parts, types.CompletedPart{ETag: aws.String(tag), PartNumber: aws.Int32(int32(i + 1))})
	}
	_, err := s.client.CompleteMultipartUpload(context.Background(), &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: &fields[0], MultipartUpload: done})
	if missing(err) {
		if _, e := s.client.HeadObject(context.Background(), &s3.HeadObjectInput{Bucket: bucket, Key: key}); e == nil {
			return nil // it was published before
		}
	}
	if err != nil {
		return s.failed(to, err)
	}
	return nil
}

// Settle implements filesystem.Store.
func (s *store) Settle(string) error { return nil }

// Cut implements filesystem.Store.
func (s *store) Cut(_, to string, _ int64) error {
	return fmt.Errorf("%s: an object can't be cut", s.Name(to))
}

// Discard implements filesystem.Store.
func (s *store) Discard(from, to string) error {
	bucket, key := split(to)
	id, _, _ := strings.Cut(from, " ")
	_, err := s.client.AbortMultipartUpload(context.Background(), &s3.AbortMultipartUploadInput{Bucket: bucket, Key: key, UploadId: &id})
	if err != nil && !missing(err) {
		return s.failed(to, err)
	}
	return nil
}

// Mark implements filesystem.Store.
func (s *store) Mark(p string) error {
	bucket, key := split(p)
	if _, err := s.client.PutObject(context.Background(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: bytes.NewReader(nil)}); err != nil {
		return s.failed(p, err)
	}
	return nil
}

// Remove implements filesystem.Store.
func (s *store) Remove(p string) error {
	bucket, key := split(p)
	if _, err := s.client.DeleteObject(context.Background(), &s3.DeleteObjectInput{Bucket: bucket, Key: key}); err != nil && !missing(err) {
		return s.failed(p, err)
	}
	return nil
}

// Resumes implements filesystem.Store: each checkpoint finishes what is written.
func (s *store) Resumes() bool { return false }
