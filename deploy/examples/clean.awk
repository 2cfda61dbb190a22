# The rules of clean.sh. A row: 订单号,日期,城市,类别,数量,单价

BEGIN {
  FS = ","
  # Two, three and four bytes of UTF-8, without overlong forms and surrogates (RFC 3629).
  tail = "[\200-\277]"
  sequence = "([\302-\337]" tail "|\340[\240-\277]" tail "|[\341-\354\356\357]" tail tail \
             "|\355[\200-\237]" tail "|\360[\220-\277]" tail tail "|[\361-\363]" tail tail tail \
             "|\364[\200-\217]" tail tail ")"
  printf "" > cleaned
  printf "" > rejected
}

{
  original = $0
  if (sub(/\r$/, "")) repairs["line_ending"]++
  reason = NR == 1 ? header() : check()
  if (reason == "header") {
    names = $0
    print names > cleaned
  } else if (reason == "") {
    print id "," date "," $3 "," $4 "," $5 "," $6 > cleaned
    rows_out++
  } else {
    print NR "," reason "," original > rejected
    reasons[reason]++
  }
}

END {
  printf "rows in: %d\nrows out: %d\n", NR - 1, rows_out
  for (r in reasons) print "rejected " r ": " reasons[r] | "sort"
  close("sort")
  for (r in repairs) print "repaired " r ": " repairs[r] | "sort"
}

function header() {
  sub(/^\357\273\277/, "")  # a byte order mark
  return "header"
}

# The reason to reject the row, or nothing; sets `id` and `date`, and mends the fields.
function check(    i, trimmed) {
  if (!is_utf8($0)) return "bad_encoding"
  if ($0 ~ /^[ \t]*$/) return "blank_line"
  if ($0 == names) return "repeated_header"
  if (NF != 6) return "wrong_field_count"
  for (i = 1; i <= NF; i++) if ($i ~ /^[ \t]|[ \t]$/) {
    gsub(/^[ \t]+|[ \t]+$/, "", $i)
    trimmed = 1
  }
  if (trimmed) repairs["white_space"]++
  for (i = 1; i <= NF; i++) if ($i == "") return "missing_value"
  id = $1
  date = iso_date($2)
  if (date == "") return "bad_date"
  if ($5 !~ /^[1-9][0-9]*$/ || length($5) > 6) return "bad_quantity"
  if (sub(/^\302\245/, "", $6)) repairs["currency_sign"]++  # ¥
  if ($6 !~ /^[0-9]+(\.[0-9][0-9]?)?$/ || length($6) > 10) return "bad_price"
  if (id in seen) return "duplicate"
  seen[id] = 1
  return ""
}

function is_utf8(text) {
  gsub(sequence, "", text)
  return text !~ /[\200-\377]/
}

# 2025-03-09, 2025/3/9 and 9.3.2025 as 2025-03-09; nothing if there is no such day.
function iso_date(text,    part, year, month, day, days) {
  if (text ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/) split(text, part, "-")
  else if (text ~ /^[0-9][0-9][0-9][0-9]\/[0-9][0-9]?\/[0-9][0-9]?$/) split(text, part, "/")
  else if (text ~ /^[0-9][0-9]?\.[0-9][0-9]?\.[0-9][0-9][0-9][0-9]$/) {
    split(text, part, ".")
    day = part[1]; part[1] = part[3]; part[3] = day
  } else return ""
  year = part[1] + 0; month = part[2] + 0; day = part[3] + 0
  days = month == 2 ? 28 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) \
                    : 30 + (month == 1 || month == 3 || month == 5 || month == 7 || month == 8 || \
                            month == 10 || month == 12)
  if (month < 1 || month > 12 || day < 1 || day > days) return ""
  if (text !~ /-/) repairs["date_format"]++
  return sprintf("%04d-%02d-%02d", year, month, day)
}
