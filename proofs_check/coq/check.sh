#!/bin/sh
# Build the Coq development from scratch and audit it. Installs nothing.
#   exit 0: everything passed; 1: something failed; 2: Coq or mathcomp-analysis is not installed.
# Counted checks: one for each file compiled, each file free of unproved statements, each indexed
# theorem and definition (present, digest as recorded), each axiom group against its allow-list,
# each claim (some theorem on concrete data, or a reason why not), the generated
# table, and each compiled file re-checked by coqchk (its dependencies taken as read).
set -u
cd "$(dirname "$0")" || exit 2
here=$(pwd)
packages="libcoq-mathcomp-analysis libcoq-mathcomp-algebra-tactics"
if ! command -v coqc >/dev/null 2>&1 || ! command -v coqchk >/dev/null 2>&1; then
    echo "check.sh: Coq is not installed; as root: apt-get install -y --no-install-recommends $packages" >&2
    exit 2
fi
if ! [ -e "$(coqc -where)/user-contrib/mathcomp/analysis/exp.vo" ] ||
   ! [ -e "$(coqc -where)/user-contrib/mathcomp/algebra_tactics/ring.vo" ]; then
    echo "check.sh: mathcomp is incomplete; as root: apt-get install -y --no-install-recommends $packages" >&2
    exit 2
fi

build=$(mktemp -d) || exit 2
trap 'rm -rf "$build"' EXIT
trap 'exit 2' INT TERM
passed=0
failed=0
pass() { passed=$((passed + 1)); echo "ok   $1"; }
fail() { failed=$((failed + 1)); echo "FAIL $1"; }

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

for module in $modules; do
    if grep -nwE 'Admitted|admit|give_up|Axioms?|Parameters?|Conjectures?|bypass_check|Unset +(Guard|Positivity|Universe) +Checking' \
        "$module.v" >&2; then
        fail "$module.v contains a forbidden word"
    else
        pass "$module.v states nothing without proof"
    fi
    cp "$module.v" "$build/"
    if (cd "$build" && coqc -q -w "$warnings" -R . "$logical" "$module.v" >"$module.log" 2>&1); then
        pass "$module.v compiles"
    else
        fail "$module.v does not compile"
        tail -n 5 "$build/$module.log" >&2
    fi
done

python3 "$here/statements.py" check "$build" >"$build/statements.log" 2>&1
status=$?
cat "$build/statements.log"
passed=$((passed + $(grep -c '^ok ' "$build/statements.log")))
failed=$((failed + $(grep -c '^FAIL ' "$build/statements.log")))
if [ "$status" -gt 1 ]; then
    fail "statements.py could not run"
fi

# One run loads the libraries once; only when it fails is each file checked on its own.
names=
for module in $modules; do names="$names -norec $logical.$module"; done
if coqchk -silent -R "$build" "$logical" $names >"$build/coqchk.log" 2>&1; then
    for module in $modules; do pass "coqchk $module"; done
else
    for module in $modules; do
        if coqchk -silent -R "$build" "$logical" -norec "$logical.$module" >"$build/coqchk.log" 2>&1; then
            pass "coqchk $module"
        else
            fail "coqchk $module"
            tail -n 3 "$build/coqchk.log" >&2
        fi
    done
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
