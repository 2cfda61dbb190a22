# shellcheck shell=bash
# Those of tests/process that need controllers, and elsewhere are skipped where there are none.

# process_tests USER: as one of a service that has its part of the cgroup tree to itself.
process_tests() {
  local filter said
  filter='Containment/ResourcesTest.*/Cgroup:Containment/ContainmentTest.*/Cgroup'
  said=$(systemd-run -q --wait --pipe --collect -p Delegate=yes -p User="$1" --setenv=HOME=/tmp \
    /opt/vm/alone.sh /opt/vm/process_test --gtest_filter="$filter" 2>&1) || fail "$said"
  grep -q '^\[  PASSED  \] [1-9]' <<<"$said" || fail "$said"
  ! grep -F 'NOT TESTED' <<<"$said" || fail "that was said"
}

test_process_tests_of_the_drover_user() { process_tests drover; }
test_process_tests_of_root() { process_tests root; }
