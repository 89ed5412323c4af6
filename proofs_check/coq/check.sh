#!/bin/sh
# Build the Coq development from scratch and audit it, or with `update` record its present statements. Installs nothing.
#   check.sh          exit 0: everything passed; 1: something failed; 2: Coq or mathcomp-analysis is not installed.
#   check.sh update   write the digests of the index and statements.md anew; 1: there is more to do by hand, as printed.
# Counted checks: one for each file compiled, each file free of forbidden words, each indexed
# theorem and definition (present, digest as recorded, definitions exactly those that the statements
# reach), each axiom group against its allow-list, each claim (some theorem on concrete data, or a
# reason why not), the generated table, each compiled file re-checked by coqchk (its dependencies
# taken as read), and nothing in them taken on trust by coqchk's own account.
#
# An audit without failures leaves audited.log (what it printed) and audited.json (its digest, Coq's
# version, and the digests of all files that were audited): the ledger's evidence for the grade kernel. Its attacks
# (tests/proofs_check/coq) start from what it compiled, audited.build.
set -u
cd "$(dirname "$0")" || exit 2
here=$(pwd)
packages="libcoq-mathcomp-analysis libcoq-mathcomp-algebra-tactics"
if [ $# -gt 1 ] || [ "${1:-update}" != update ]; then
    echo "usage: check.sh [update]" >&2
    exit 2
fi
if ! command -v coqc >/dev/null 2>&1 || ! command -v coqchk >/dev/null 2>&1; then
    echo "check.sh: Coq is not installed; as root: apt-get install -y --no-install-recommends $packages" >&2
    exit 2
fi
if ! command -v make >/dev/null 2>&1; then
    echo "check.sh: make is not installed; as root: apt-get install -y --no-install-recommends make" >&2
    exit 2
fi
unset COQPATH MAKEFLAGS # libraries are the installed ones; what another make was asked for is not for this one
if ! [ -e "$(coqc -where)/user-contrib/mathcomp/analysis/exp.vo" ] ||
   ! [ -e "$(coqc -where)/user-contrib/mathcomp/algebra_tactics/ring.vo" ]; then
    echo "check.sh: mathcomp is incomplete; as root: apt-get install -y --no-install-recommends $packages" >&2
    exit 2
fi

build=$(mktemp -d) || exit 2
checker=
certifier=
trap 'for job in $checker $certifier; do kill "$job" 2>/dev/null; done; rm -rf "$build"' EXIT
trap 'exit 2' INT TERM
passed=0
failed=0
transcript="$build/transcript"
say() { echo "$1" | tee -a "$transcript"; }
pass() { passed=$((passed + 1)); say "ok   $1"; }
fail() { failed=$((failed + 1)); say "FAIL $1"; }
count() { # add the lines of a log to the transcript and the counts
    tee -a "$transcript" <"$1"
    passed=$((passed + $(grep -c '^ok ' "$1")))
    failed=$((failed + $(grep -c '^FAIL ' "$1")))
}
digests() {
    sha256sum *.v _CoqProject theorems.toml check.sh statements.py queries.py reach.elpi certified_form.py formula_form.py \
        game_form.py token_form.py certificate_forms.py certificates.py computed_form.py computed_laws.py \
        learner_form.py learner_laws.py
    [ ! -d certified ] || sha256sum certified/*.v
    [ ! -d formulas ] || sha256sum formulas/*.dnf
    [ ! -d games ] || sha256sum games/*.game
    [ ! -d laws ] || sha256sum laws/*.v returned/*.v
    [ ! -d learners ] || sha256sum learners/*.v
}

rm -rf audited.json audited.log audited.build # an older audit says nothing about this one
digests >"$build/before" || exit 2
version=$(coqc --print-version | cut -d ' ' -f 1)
say "Coq $version"

modules=$(sed -n 's/\.v$//p' _CoqProject)
warnings=$(sed -n 's/^-arg -w -arg //p' _CoqProject)
logical=$(sed -n 's/^-R \. //p' _CoqProject)

# A file beside this one that the project does not build would escape the audit.
for source in *.v; do
    case " $(echo $modules) " in
        *" ${source%.v} "*) ;;
        *) fail "$source is not listed in _CoqProject" ;;
    esac
done

# Words, wherever they stand, that leave something unproved, switch off a check of the kernel, or bring in code or
# text that is not audited. What the kernel makes of it is also asked below, of Print Assumptions and of coqchk.
unproved='Admitted|admit|give_up|Axioms?|Parameters?|Conjectures?|Declare'
unchecked='bypass_check|Checking'
unaudited='Load|LoadPath|ML|Elpi|Redirect|Extraction|Drop'
for module in $modules; do
    if grep -nwE "$unproved|$unchecked|$unaudited" "$module.v" >&2; then
        fail "$module.v contains a forbidden word"
    else
        pass "$module.v has none of the forbidden words"
    fi
    cp "$module.v" "$build/"
done

# Files that do not need each other are compiled at the same time, about 1 GB each.
jobs=$(nproc 2>/dev/null || echo 1)
(
    cd "$build" || exit
    coqdep -R . "$logical" ./*.v >dependencies.mk 2>dependencies.log || { cat dependencies.log >&2; exit 1; }
    printf '%%.vo: %%.v\n\tcoqc -q -w "%s" -R . "%s" $< >$*.log 2>&1\n\ninclude dependencies.mk\n' "$warnings" "$logical" >Makefile
    make -s -k -j "$((jobs < 4 ? jobs : 4))" $(for module in $modules; do echo "$module.vo"; done) >make.log 2>&1
)
for module in $modules; do
    if [ -e "$build/$module.vo" ]; then
        pass "$module.v compiles"
    else
        fail "$module.v does not compile"
        tail -n 5 "$build/$module.log" 2>/dev/null >&2 || echo "it was not tried: what it needs does not compile" >&2
    fi
done

if [ "${1:-}" = update ]; then
    [ "$failed" -eq 0 ] || exit 1
    python3 "$here/statements.py" update "$build"
    exit
fi

# The independent checker works while Coq is asked below. One run loads the libraries once. Its summary says what is taken
# on trust in anything loaded, and which axioms are there.
names=
for module in $modules; do names="$names -norec $logical.$module"; done
coqchk -silent -o -R "$build" "$logical" $names >"$build/coqchk.log" 2>&1 &
checker=$!

# So are the catalog's instances, with answers that the kernel decides again, and the laws of listings that it computes.
[ ! -d certified ] || { python3 "$here/certificates.py" "$build" >"$build/certificates.log" 2>&1 & certifier=$!; }

python3 "$here/statements.py" check "$build" >"$build/statements.log" 2>&1
status=$?
count "$build/statements.log"
if [ "$status" -gt 1 ]; then
    fail "statements.py could not run"
fi

wait "$checker"
status=$?
checker=
if [ "$status" -eq 0 ]; then
    for module in $modules; do pass "coqchk $module"; done
    for trust in 'type-in-type' 'unsafe (co)fixpoints' 'positivity is assumed'; do
        if grep -qF "$trust: <none>" "$build/coqchk.log"; then
            pass "coqchk: $trust: none"
        else
            fail "coqchk: $trust"
        fi
    done
    if grep "^ *$logical\." "$build/coqchk.log" >&2; then
        fail "coqchk: something of these files is taken on trust"
    else
        pass "coqchk: axioms of these files: none"
    fi
else
    fail "coqchk"
    tail -n 3 "$build/coqchk.log" >&2
fi

if [ -d certified ]; then
    wait "$certifier"
    found=$?
    certifier=
    [ "$found" -le 1 ] || fail "certificates.py could not run"
    grep -E '^(ok  |FAIL) ' "$build/certificates.log" >"$build/certificates.lines" || fail "no certified instance"
    count "$build/certificates.lines"
fi

digests | cmp -s - "$build/before" || fail "the files changed during the audit"

say "$passed passed, $failed failed"
[ "$failed" -eq 0 ] || exit 1
[ ! -d certified ] || tail -n 1 "$build/certificates.log"

mkdir audited.build && cp "$build"/*.vo audited.build &&
    cp "$transcript" audited.log &&
    {
        printf '{\n "coq": "%s",\n "transcript": "%s",\n "files": {' "$version" "$(sha256sum <audited.log | cut -c 1-64)"
        sed 's/^\([0-9a-f]*\)  \(.*\)$/  "\2": "\1"/; $!s/$/,/; 1s/^/\n/' "$build/before"
        printf ' }\n}\n'
    } >audited.json ||
    { echo "check.sh: everything passed, but $here cannot be written, so that the audit is not recorded" >&2; exit 2; }
echo "recorded in $here/audited.json"
