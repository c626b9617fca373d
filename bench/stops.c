/* Stops a process, or fills its disk, at a chosen system call that changes something on disk.

   Built and preloaded by durability.py:  cc -shared -fPIC -O1 -o stops.so stops.c -ldl
   A program asks for it by stops_begin(n, mode) after it is loaded, and by stops_count() how many
   steps there were. A step is each call below on a plain file or a name: what SQLite, Python and the
   C library do reaches the kernel through them.

   mode 0  count only
        1  kill -9 before step n
        2  kill -9 in the midst of step n: half of what a write was to write is there
        3  from step n on the disk is full: what needs room fails with ENOSPC, a write after half of it
        4  the disk is full for step n alone
        5  from step n on every call fails with EIO, as a disk that is going does */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long counted, chosen;
static int mode = -1;

void stops_begin(long n, int how) { counted = 0; chosen = n; mode = how; }
long stops_count(void) { return counted; }

enum { GO, FAIL, HALF };

/* What is to become of this step; `room` says whether it needs room on disk. */
static int step(int room) {
    if (mode < 0) return GO;
    long here = __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
    if (here == chosen && mode == 1) kill(getpid(), SIGKILL);
    if (here == chosen && mode == 2) return HALF;
    int due = mode == 4 ? here == chosen : mode == 3 || mode == 5 ? here >= chosen : 0;
    if (!due || (mode != 5 && !room)) return GO;
    if (mode != 5 && here == chosen) return HALF;
    errno = mode == 5 ? EIO : ENOSPC;
    return FAIL;
}

/* Where nothing can be half done: killed, or failed, instead. */
static int whole(int room) {
    int what = step(room);
    if (what == HALF && mode == 2) kill(getpid(), SIGKILL);
    if (what == HALF) { errno = ENOSPC; what = FAIL; }
    return what == FAIL;
}

static int plain(int fd) {
    struct stat s;
    int was = errno, yes = fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
    errno = was;
    return yes;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define WRITER(call, halved) \
    if (!plain(fd)) return call; \
    switch (step(1)) { \
    case FAIL: return -1; \
    case HALF: { \
        ssize_t done = n > 1 ? halved : -1; \
        if (mode == 2) kill(getpid(), SIGKILL); \
        if (done < 0) errno = ENOSPC; \
        return done; } \
    } \
    return call;

ssize_t write(int fd, const void *b, size_t n) {
    REAL(ssize_t, "write", int, const void *, size_t);
    WRITER(real(fd, b, n), real(fd, b, n / 2))
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    WRITER(real(fd, b, n, o), real(fd, b, n / 2, o))
}
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    WRITER(real(fd, b, n, o), real(fd, b, n / 2, o))
}
ssize_t sendfile(int fd, int in, off_t *o, size_t n) {
    REAL(ssize_t, "sendfile", int, int, off_t *, size_t);
    WRITER(real(fd, in, o, n), real(fd, in, o, n / 2))
}
ssize_t sendfile64(int fd, int in, off64_t *o, size_t n) {
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    WRITER(real(fd, in, o, n), real(fd, in, o, n / 2))
}

int fsync(int fd) { REAL(int, "fsync", int); return whole(0) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(int, "fdatasync", int); return whole(0) ? -1 : real(fd); }
int fchmod(int fd, mode_t m) { REAL(int, "fchmod", int, mode_t); return whole(0) ? -1 : real(fd, m); }
int ftruncate(int fd, off_t n) { REAL(int, "ftruncate", int, off_t); return whole(0) ? -1 : real(fd, n); }
int ftruncate64(int fd, off64_t n) {
    REAL(int, "ftruncate64", int, off64_t);
    return whole(0) ? -1 : real(fd, n);
}
int posix_fallocate(int fd, off_t a, off_t b) {
    REAL(int, "posix_fallocate", int, off_t, off_t);
    return whole(1) ? errno : real(fd, a, b);
}
int mkdir(const char *p, mode_t m) { REAL(int, "mkdir", const char *, mode_t); return whole(1) ? -1 : real(p, m); }
int mkdirat(int d, const char *p, mode_t m) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    return whole(1) ? -1 : real(d, p, m);
}
int rmdir(const char *p) { REAL(int, "rmdir", const char *); return whole(0) ? -1 : real(p); }
int unlink(const char *p) { REAL(int, "unlink", const char *); return whole(0) ? -1 : real(p); }
int unlinkat(int d, const char *p, int f) {
    REAL(int, "unlinkat", int, const char *, int);
    return whole(0) ? -1 : real(d, p, f);
}
int link(const char *a, const char *b) { REAL(int, "link", const char *, const char *); return whole(1) ? -1 : real(a, b); }
int linkat(int d, const char *a, int e, const char *b, int f) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    return whole(1) ? -1 : real(d, a, e, b, f);
}
int rename(const char *a, const char *b) {
    REAL(int, "rename", const char *, const char *);
    return whole(1) ? -1 : real(a, b);
}
int renameat(int d, const char *a, int e, const char *b) {
    REAL(int, "renameat", int, const char *, int, const char *);
    return whole(1) ? -1 : real(d, a, e, b);
}
int renameat2(int d, const char *a, int e, const char *b, unsigned f) {
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    return whole(1) ? -1 : real(d, a, e, b, f);
}

#define OPENS(name) \
    REAL(int, name, const char *, int, ...); \
    mode_t m = 0; \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { va_list a; va_start(a, flags); m = va_arg(a, mode_t); va_end(a); } \
    if ((flags & O_CREAT) && access(p, F_OK) != 0 && whole(1)) return -1; \
    return real(p, flags, m);

int open(const char *p, int flags, ...) { OPENS("open") }
int open64(const char *p, int flags, ...) { OPENS("open64") }

#define OPENSAT(name) \
    REAL(int, name, int, const char *, int, ...); \
    mode_t m = 0; \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { va_list a; va_start(a, flags); m = va_arg(a, mode_t); va_end(a); } \
    if ((flags & O_CREAT) && faccessat(d, p, F_OK, 0) != 0 && whole(1)) return -1; \
    return real(d, p, flags, m);

int openat(int d, const char *p, int flags, ...) { OPENSAT("openat") }
int openat64(int d, const char *p, int flags, ...) { OPENSAT("openat64") }
