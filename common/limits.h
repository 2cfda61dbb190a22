// Every size, queue, rate and period has its limit here, and nowhere else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace drover::limits {

using namespace std::chrono_literals;

// --- HTTP ---------------------------------------------------------------------------------------
inline constexpr std::size_t kHttpHeaderBytes = 16 * 1024;
inline constexpr std::size_t kHttpBodyBytes = 1024 * 1024;
inline constexpr std::size_t kHttpConnections = 8192;
inline constexpr auto kHttpHeaderTime = 10s;  // from the first byte of a request to its last header
inline constexpr auto kHttpBodyTime = 30s;    // for the whole body
inline constexpr auto kHttpIdleTime = 75s;    // between two requests of one connection
inline constexpr auto kHttpWriteTime = 30s;   // for the whole answer
inline constexpr auto kHttpDrainTime = 2s;    // for what a client still sends after a refusal
inline constexpr std::size_t kHttpDrainBytes = 4 * 1024 * 1024;  // and how much of it is read
inline constexpr auto kStreamQuietTime = 15s;  // then a stream sends a sign of life
inline constexpr std::size_t kStreamPieceBytes = 64 * 1024;
inline constexpr auto kWaitTime = 60s;  // for something to come true, unless the request says
inline constexpr auto kLongestWait = std::chrono::minutes(10);
inline constexpr auto kHttpStopTime = 5s;     // to finish what is under way at a stop
inline constexpr int kRetryAfterSeconds = 1;  // told to a client that is turned away

// --- Lists --------------------------------------------------------------------------------------
inline constexpr std::uint32_t kPageLength = 100;  // unless the request says otherwise
inline constexpr std::uint32_t kLongestPage = 1000;
inline constexpr std::size_t kRecordsPerPage = 5000;  // looked at, where a filter rules many out

// --- Templates ----------------------------------------------------------------------------------
inline constexpr std::size_t kJsonDepth = 32;
inline constexpr std::size_t kNameBytes = 255;
inline constexpr std::size_t kGroupsPerTemplate = 1000;
inline constexpr std::size_t kTasksPerGroup = 1000;
inline constexpr std::size_t kTasksAwaited = 100;           // by one task
inline constexpr std::uint32_t kSlotsPerInstance = 10'000;  // copies of all groups together
inline constexpr std::size_t kCommandBytes = 128 * 1024;    // Linux's own limit of one argument
inline constexpr std::size_t kArguments = 10'000;
inline constexpr std::size_t kEnvironmentEntries = 10'000;
inline constexpr std::size_t kConstraints = 100;  // of one group
inline constexpr std::size_t kConstraintValues = 1000;
inline constexpr std::uint32_t kMostPriority = 100;
inline constexpr std::int32_t kMostWeight = 100;
inline constexpr std::size_t kUrlBytes = 4096;  // of a check
inline constexpr std::size_t kCronBytes = 1024;
inline constexpr auto kClockError =
    24h;  // a last run that lies further ahead was a clock's mistake
inline constexpr std::size_t kParameters = 100;
inline constexpr std::size_t kParameterBytes = 16 * 1024;
inline constexpr auto kStopGrace = 10s;  // unless the task sets its own
inline constexpr auto kLongestStopGrace = std::chrono::hours(24);
inline constexpr auto kLongestTimeout = std::chrono::hours(24 * 365);
inline constexpr std::uint32_t kRestarts = 3;  // of a task in place, within kRestartsWithin
inline constexpr std::uint32_t kMostRestarts = 100;
inline constexpr std::size_t kAttemptsKept = 3;  // of one task, of those that have ended
inline constexpr auto kRestartsWithin = std::chrono::minutes(10);
inline constexpr auto kLongestRestartsWithin = std::chrono::hours(24 * 365);
inline constexpr auto kShortestRestartDelay = 1s;
inline constexpr auto kLongestRestartDelay = std::chrono::hours(24);
inline constexpr auto kCheckInterval = 10s;  // of a task's health, unless it says otherwise
inline constexpr auto kShortestCheckInterval = 100ms;
inline constexpr auto kLongestCheckInterval = std::chrono::hours(24);
inline constexpr auto kCheckTimeout = 5s;
inline constexpr auto kShortestCheckTimeout = 10ms;
inline constexpr auto kLongestCheckTimeout = std::chrono::minutes(10);
inline constexpr auto kLongestStartPeriod = std::chrono::hours(24);
inline constexpr std::uint32_t kPassesForHealthy = 1;
inline constexpr std::uint32_t kFailuresForUnhealthy = 3;
inline constexpr std::uint32_t kMostChecksInARow = 1000;
inline constexpr auto kFirstCheckWithin = 1s;  // tasks that begin together are not checked so
inline constexpr std::size_t kCheckAnswerBytes = 16 * 1024;         // of an HTTP check's head
inline constexpr std::uint32_t kLargestCountLimit = 2'147'483'647;  // of open files, for example
inline constexpr std::int64_t kMostCpuThousandths = 100'000 * std::int64_t{1000};  // of one task
inline constexpr std::uint64_t kLeastMemoryBytes = std::uint64_t{1} << 20;
inline constexpr std::uint64_t kMostMemoryBytes = std::uint64_t{1} << 50;  // of one task
inline constexpr std::size_t kInputBytes = 512 * 1024;                     // for one standard input
inline constexpr std::uint64_t kSmallestOutputFile = 1024;
inline constexpr std::uint64_t kLargestOutputFile = std::uint64_t{1} << 40;
inline constexpr std::uint32_t kMostOutputFiles = 100;

// --- Engine -------------------------------------------------------------------------------------
inline constexpr std::size_t kInboxCommands = 4096;  // of clients, waiting for the engine
static_assert(
    kInboxCommands < kHttpConnections,
    "each connection has one command waiting at most: a larger inbox would never be full");
inline constexpr std::size_t kBatchCommands = 4096;  // stepped before one commit
inline constexpr auto kTickPeriod = 500ms;
inline constexpr auto kShortestTickPeriod = 10ms;  // where leases are short
inline constexpr auto kEngineSilence = 10s;        // without a turn for so long, the engine hangs
inline constexpr std::size_t kPlacementsPerStep = 1000;  // of what waits, when capacity appears

inline constexpr std::size_t kPlacementSample = 256;  // nodes that preferences choose from
inline constexpr std::size_t kPlacementProbes = 32;   // nodes that are compared where many may do
inline constexpr std::size_t kConstraintsRemembered = 256;
inline constexpr std::size_t kWakingNodes = 64;  // that are told apart by what they wake

// --- Nodes --------------------------------------------------------------------------------------
inline constexpr auto kHeartbeatInterval = 3s;
inline constexpr auto kShortestHeartbeatInterval = 50ms;
inline constexpr auto kLongestLease = 3600s;
inline constexpr auto kLease = 10s;      // a node not heard of for so long is offline
inline constexpr int kLeaseMargin = 20;  // an agent's lease is shorter by one part in so many
inline constexpr auto kLostAfter = 30s;  // offline for so long: its tasks are lost
inline constexpr std::size_t kLabels = 256;
inline constexpr auto kLongestLostAfter = std::chrono::hours(24 * 30);

// --- Rollouts and drains ------------------------------------------------------------------------
inline constexpr std::uint32_t kMaxParallel = 1;  // copies of a group that are replaced at a time
inline constexpr std::uint32_t kMostParallel = 10'000;
inline constexpr auto kMinHealthyTime = 10s;  // before the one that a copy replaces is ended
inline constexpr auto kHealthyDeadline = std::chrono::minutes(5);
inline constexpr auto kLongestRolloutTime = std::chrono::hours(24);
inline constexpr auto kRolloutPeriod = 1s;  // a rollout is looked at whatever happens
inline constexpr auto kDrainDeadline = std::chrono::hours(1);
inline constexpr auto kLongestDrain = std::chrono::hours(24 * 30);
inline constexpr std::uint32_t kMostVersion = 2'000'000'000;
inline constexpr std::size_t kTemplateVersions = 16;  // that are kept where nothing uses them

// --- Lost nodes and replacements ----------------------------------------------------------------
// More than one in so many nodes, and at least so many, silent within a lease: the master suspects
// itself.
inline constexpr std::size_t kMassLossDivisor = 3;
inline constexpr std::size_t kMassLossNodes = 3;
// At most one in kMassLossDivisor nodes, or kMassLossNodes, are given up within this time.
inline constexpr auto kLostNodesWindow = 60s;
inline constexpr std::uint32_t kReplacementsPerSecond = 100;
inline constexpr std::size_t kNodesPerStep = 1000;   // whose leases run out in one step
inline constexpr std::size_t kLossesPerStep = 1000;  // allocations given up in one step
// After the grace of an exclusive copy: for the last SIGKILL to have done its work.
inline constexpr auto kFenceMargin = 3s;
inline constexpr auto kBackoffFirst = 1s;  // before a group that ended runs again; doubles
inline constexpr auto kBackoffLongest = 60s;
inline constexpr auto kBackoffForgets = 60s;        // a copy that ran so long begins anew
inline constexpr std::size_t kFailuresPerNode = 3;  // within kFailureMemory: the node is avoided
inline constexpr auto kFailureMemory = std::chrono::minutes(10);
inline constexpr auto kAvoidedRetry = 5s;  // before a group that avoids all nodes is tried again
inline constexpr std::size_t kFailuresKept = 64;  // of one group
inline constexpr std::size_t kFormerCopies = 16;  // of one group

// --- Agent link ---------------------------------------------------------------------------------
inline constexpr std::size_t kAgentSessions = 20'000;  // streams of agents, greeted or not
inline constexpr auto kHelloTime = 10s;  // from the beginning of a stream to its hello
inline constexpr std::size_t kAgentMessageBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kCommandsPerMessage = 1024;
inline constexpr std::size_t kMessagesPerSession = 200'000;  // waiting for an agent to read
inline constexpr auto kReconnectFirst = 100ms;
inline constexpr auto kReconnectLongest = 3s;
inline constexpr auto kConnectTimeout = 5s;
inline constexpr auto kKeepaliveTime = 10s;    // without a word from the master: an HTTP/2 ping
inline constexpr auto kKeepaliveTimeout = 5s;  // without an answer to it: the session is over

// --- Output of tasks on its way to a reader ------------------------------------------------------
inline constexpr std::size_t kOutputChunkBytes = 64 * 1024;
// Of one node, sent and not yet heard of by the master: what a heartbeat may have to wait behind.
inline constexpr std::size_t kOutputBytesInFlight = 4 * kOutputChunkBytes;
inline constexpr std::size_t kOutputReadingsPerNode = 256;       // at a time
inline constexpr std::size_t kOutputReadings = 4096;             // of all nodes
inline constexpr std::size_t kOutputCredit = kOutputChunkBytes;  // of one reading, unread
inline constexpr std::size_t kOutputRequestsAhead = 4 * kOutputReadingsPerNode;  // not yet heard
inline constexpr auto kOutputPollInterval = 100ms;  // between two looks for what is written
inline constexpr auto kOutputSilence = 5s;  // of a node that owes output: what is there must do
inline constexpr std::size_t kLogStreams = 200;          // followed in one answer
inline constexpr std::size_t kLogStreamsAhead = 8;       // asked for before their turn has come
inline constexpr std::size_t kLogLineBytes = 64 * 1024;  // a longer line comes in parts
inline constexpr std::uint32_t kLogTail = 1'000'000'000;
inline constexpr auto kOutputIdle = 60s;  // without a reading: the agent's call for it is over
inline constexpr auto kOutputRetry = 1s;  // before the agent opens a call that failed once more

// --- Agent ---------------------------------------------------------------------------------------
inline constexpr std::size_t kJournalBytes = 4 * 1024 * 1024;  // then dead records are dropped
// Taken on the disk beyond the journal's end, so that what must be written can be.
inline constexpr std::size_t kJournalReserveBytes = 1024 * 1024;
inline constexpr std::uint64_t kRoomForWork = 1024 * 1024;  // bytes free; with less, no new work
inline constexpr auto kStorageInterval = 2s;                // between two looks at the disk
inline constexpr std::size_t kSpareDirectories = 512;
inline constexpr auto kTaskUseInterval = 15s;  // between two measurements of what a task takes
inline constexpr auto kTaskUseTurn = 1s;       // those that are due within it are done together
inline constexpr std::size_t kTaskUsesAtOnce = 32;  // measured before anything else has its turn
inline constexpr std::size_t kTaskUsesPerHeartbeat = 1000;
inline constexpr auto kSupervisorRetryFirst = 100ms;
inline constexpr auto kSupervisorRetryLongest = 5s;
inline constexpr auto kGoodbyeTime = 1s;                 // for the master to hear of a clean stop
inline constexpr std::size_t kMasterMessagesAhead = 64;  // received and not yet obeyed
inline constexpr std::size_t kReportsPerMessage = 10'000;

// --- Supervisor ---------------------------------------------------------------------------------
inline constexpr std::size_t kSupervisorMessageBytes = 8 * 1024 * 1024;
inline constexpr std::uint64_t kOutputFileBytes = 10 * 1024 * 1024;  // then it becomes FILE.1
inline constexpr std::uint32_t kOutputFiles = 2;  // of each stream: FILE and FILE.1
inline constexpr std::size_t kFinishedOutputsKept =
    1000;  // output directories of ended allocations
// Running, or ended and not forgotten.
inline constexpr std::size_t kSupervisorAttempts = 30'000;
inline constexpr std::size_t kSupervisorKeyBytes = 128;
inline constexpr std::size_t kSupervisorConnections = 8;  // attached or about to
// Sent and not read by the agent.
inline constexpr std::size_t kSupervisorBacklogBytes = 2 * kSupervisorMessageBytes;
// Obeyed before it looks at its children again.
inline constexpr std::size_t kSupervisorRequestsPerTurn = 64;
inline constexpr std::size_t kSupervisorIdleCgroups = 64;   // kept for the next attempts
inline constexpr std::size_t kSupervisorSpareFiles = 64;    // descriptors never used for attempts
inline constexpr std::size_t kOutputTurnBytes = 64 * 1024;  // of one stream, before the next one
// For a process to reach its program, where others could hold it up.
inline constexpr auto kSpawnTime = std::chrono::milliseconds(3'000);
inline constexpr auto kSupervisorStopTime = 10s;                 // for killed tasks to disappear
inline constexpr auto kSupervisorLaunchTime = 20s;               // from its start until it serves
inline constexpr std::size_t kSupervisorLogBytes = 1024 * 1024;  // then it becomes FILE.1

// --- History ------------------------------------------------------------------------------------
inline constexpr std::uint64_t kHistoryInstances = 1'000'000;
inline constexpr auto kHistoryAge = std::chrono::hours(24 * 30);  // of running masters
inline constexpr std::uint64_t kEventsKept = 1'000'000;
inline constexpr std::uint64_t kEventLag = 100'000;     // a follower further behind is cut off
inline constexpr auto kHistoryTrimPeriod = 10s;         // between two looks at what is too old
inline constexpr std::size_t kHistoryTrimBatch = 1000;  // instances dropped in one go

// --- Load of nodes, for charts ------------------------------------------------------------------
inline constexpr auto kUsageSample = 30s;          // over which heartbeats are averaged
inline constexpr std::size_t kUsageSamples = 120;  // kept of each node: an hour

// --- Requests -----------------------------------------------------------------------------------
inline constexpr auto kRequestKeyAge = std::chrono::hours(24);  // of running masters, at least
inline constexpr std::size_t kRequestKeyBytes = 255;
inline constexpr std::size_t kKeyTrimBatches = 1000;  // batches whose keys are dropped in one go

// A lease must outlive two lost heartbeats.
inline constexpr int kHeartbeatsPerLease = 3;
static_assert(kLease >= kHeartbeatsPerLease * kHeartbeatInterval, "the defaults must be possible");
static_assert(kHttpBodyBytes < kAgentMessageBytes / 8,
              "a template must fit into one message to an agent");
static_assert(kHttpBodyBytes < kSupervisorMessageBytes / 4,
              "a task must fit into one message to the supervisor");
static_assert(kSupervisorAttempts * (kSupervisorKeyBytes + 128) < kSupervisorMessageBytes,
              "a snapshot must fit into one message to the agent");
static_assert(kSupervisorStopTime < kSupervisorLaunchTime,
              "a new supervisor waits for the leftovers of the last one");
static_assert(kReconnectLongest <= kHeartbeatInterval,
              "a master that is back must hear of its nodes within a heartbeat");
static_assert(kEngineSilence > 10 * kTickPeriod, "a live engine turns with every tick");
static_assert(kTickPeriod < kLease / 10, "leases must end about when they should");

}  // namespace drover::limits
