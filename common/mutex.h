// A mutex whose rules clang checks (-Wthread-safety): a member declared DROVER_GUARDED_BY(mutex_)
// can only be touched where the mutex is held. Other compilers see ordinary locks.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#if defined(__clang__)
#define DROVER_THREAD_RULE(rule) __attribute__((rule))
#else
#define DROVER_THREAD_RULE(rule)
#endif

#define DROVER_GUARDED_BY(mutex) DROVER_THREAD_RULE(guarded_by(mutex))
#define DROVER_REQUIRES(mutex) DROVER_THREAD_RULE(requires_capability(mutex))

namespace drover {

class DROVER_THREAD_RULE(capability("mutex")) Mutex {
 public:
  void lock() DROVER_THREAD_RULE(acquire_capability()) { mutex_.lock(); }
  void unlock() DROVER_THREAD_RULE(release_capability()) { mutex_.unlock(); }

 private:
  friend class Condition;
  std::mutex mutex_;
};

// Holds the mutex for as long as it lives.
class DROVER_THREAD_RULE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) DROVER_THREAD_RULE(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() DROVER_THREAD_RULE(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waiting for a change of what a Mutex guards. May wake without a change: wait in a loop.
class Condition {
 public:
  void wait_until(Mutex& mutex, std::chrono::steady_clock::time_point until)
      DROVER_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    changed_.wait_until(lock, until);
    lock.release();
  }
  void notify_one() { changed_.notify_one(); }

 private:
  std::condition_variable changed_;
};

// Many readers or one writer.
class DROVER_THREAD_RULE(capability("mutex")) SharedMutex {
 public:
  void lock() DROVER_THREAD_RULE(acquire_capability()) { mutex_.lock(); }
  void unlock() DROVER_THREAD_RULE(release_capability()) { mutex_.unlock(); }
  void lock_shared() DROVER_THREAD_RULE(acquire_shared_capability()) { mutex_.lock_shared(); }
  void unlock_shared() DROVER_THREAD_RULE(release_shared_capability()) { mutex_.unlock_shared(); }

 private:
  std::shared_mutex mutex_;
};

class DROVER_THREAD_RULE(scoped_lockable) ReadLock {
 public:
  explicit ReadLock(SharedMutex& mutex) DROVER_THREAD_RULE(acquire_shared_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock_shared();
  }
  ~ReadLock() DROVER_THREAD_RULE(release_capability()) { mutex_.unlock_shared(); }
  ReadLock(const ReadLock&) = delete;
  ReadLock& operator=(const ReadLock&) = delete;

 private:
  SharedMutex& mutex_;
};

class DROVER_THREAD_RULE(scoped_lockable) WriteLock {
 public:
  explicit WriteLock(SharedMutex& mutex) DROVER_THREAD_RULE(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~WriteLock() DROVER_THREAD_RULE(release_capability()) { mutex_.unlock(); }
  WriteLock(const WriteLock&) = delete;
  WriteLock& operator=(const WriteLock&) = delete;

 private:
  SharedMutex& mutex_;
};

}  // namespace drover
