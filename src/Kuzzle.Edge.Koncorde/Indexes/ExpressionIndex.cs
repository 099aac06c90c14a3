using System.Runtime.InteropServices;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Filters;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>
/// Filters by number. Each is entered under a few of its literals, of which one must be true for the filter to be: of an AND the rarest, of an OR one of
/// each operand. A document "fires" the filters that stand under what it holds, and what is left of these is checked.
/// </summary>
internal sealed class ExpressionIndex
{
    private readonly DocumentFields _fields = new();
    private readonly List<FieldIndex> _askedWhenAbsent = [];
    private readonly List<int> _matches = [];
    private readonly Stack<int> _free = [];
    private readonly AccessChooser _chooser;
    private readonly Planner _planner;
    private Entry[] _entries = [];
    private Candidate[] _candidates = [];
    private int _used;
    private int _reviewAt = 64;
    private Postings _always;

    public ExpressionIndex()
    {
        _chooser = new AccessChooser(_fields);
        _planner = new Planner(_fields);
    }

    /// <summary>Whether nothing is left of any filter.</summary>
    public bool IsEmpty => _fields.IsEmpty && _always.IsEmpty && _askedWhenAbsent.Count == 0;

    public int Add(Expression root)
    {
        if (!_free.TryPop(out var number))
        {
            number = _used++;
            if (number == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Max(4, 2 * number));
                Array.Resize(ref _candidates, _entries.Length);
            }
        }

        ForEachLiteral(root, literal => _fields.Use(literal.Condition.Field).Statistics.Add(literal));
        _entries[number].Root = root;
        Enter(number);
        if (_used - _free.Count >= _reviewAt) Review();
        return number;
    }

    public void Remove(int number)
    {
        Withdraw(number);
        ForEachLiteral(_entries[number].Root!, literal => _fields.Release(literal.Condition.Field));
        _entries[number] = default;
        _candidates[number] = default;
        _free.Push(number);
    }

    /// <summary>The numbers of the filters that a document matches, valid until the next call.</summary>
    public ReadOnlySpan<int> Collect(JsonElement document, string? id)
    {
        _fields.Read(document, id);
        return Collect();
    }

    /// <summary>The numbers of the filters that the document <c>{"value": element}</c> matches, valid until the next call.</summary>
    public ReadOnlySpan<int> CollectElement(JsonElement element)
    {
        _fields.ReadElement(element);
        return Collect();
    }

    /// <summary>Reports the filter of a posting, once for a document, if what is left of it holds.</summary>
    public void Fire(int posting)
    {
        if ((posting & 1) != 0)
        {
            _matches.Add(posting >> 1);
            return;
        }

        ref var candidate = ref _candidates[posting >> 1];
        if (candidate.IsExcluded()) return;
        if (candidate.Document == _fields.CurrentDocument) return;

        candidate.Document = _fields.CurrentDocument;
        if (candidate.Rest is null || candidate.Rest.Holds()) _matches.Add(posting >> 1);
    }

    private ReadOnlySpan<int> Collect()
    {
        _matches.Clear();
        foreach (var field in _fields.Present) field.Index?.Fire(this);
        foreach (var index in _askedWhenAbsent) index.FireAbsent(this);
        _always.Fire(this);
        return CollectionsMarshal.AsSpan(_matches);
    }

    /// <summary>Enters a filter under the literals that find it.</summary>
    private void Enter(int number)
    {
        var (accesses, proven) = _chooser.Choose(_entries[number].Root!);
        Enter(number, accesses, proven);
    }

    private void Enter(int number, Literal[] accesses, Expression? proven)
    {
        ref var entry = ref _entries[number];
        ref var candidate = ref _candidates[number];
        entry.Accesses = accesses;
        candidate = _planner.PlanRest(entry.Root!, proven);
        entry.Posting = (number << 1) | (candidate.IsCertain && entry.IsFoundOnce ? 1 : 0);
        if (entry.IsAlwaysAsked) _always.Add(entry.Posting);
        foreach (var access in accesses)
        {
            var index = _fields.IndexOf(access.Condition.Field);
            var wasAsked = index.IsAskedWhenAbsent;
            index.Add(access, entry.Posting);
            if (index.IsAskedWhenAbsent && !wasAsked) _askedWhenAbsent.Add(index);
        }
    }

    private void Withdraw(int number)
    {
        ref var entry = ref _entries[number];
        if (entry.IsAlwaysAsked) _always.Remove(entry.Posting);
        foreach (var access in entry.Accesses)
        {
            var index = _fields.IndexOf(access.Condition.Field);
            var wasAsked = index.IsAskedWhenAbsent;
            index.Remove(access, entry.Posting);
            if (wasAsked && !index.IsAskedWhenAbsent) _askedWhenAbsent.Remove(index);
        }

        _candidates[number].Rest?.Release();
    }

    /// <summary>Chooses anew for all filters, now that more is known of what they want together. Their number doubles in between, so each pays twice.</summary>
    private void Review()
    {
        _reviewAt *= 2;
        for (var number = 0; number < _used; number++)
        {
            if (_entries[number].Root is not Conjunction and not Disjunction) continue;

            var (accesses, proven) = _chooser.Choose(_entries[number].Root!);
            if (accesses.AsSpan().SequenceEqual(_entries[number].Accesses)) continue;

            Withdraw(number);
            Enter(number, accesses, proven);
        }
    }

    private static void ForEachLiteral(Expression expression, Action<Literal> action)
    {
        switch (expression)
        {
            case Literal literal: action(literal); break;
            case Conjunction { Operands: var operands }: Array.ForEach(operands, operand => ForEachLiteral(operand, action)); break;
            case Disjunction { Operands: var operands }: Array.ForEach(operands, operand => ForEachLiteral(operand, action)); break;
            default: break;
        }
    }

    private struct Entry
    {
        public Expression? Root;
        public Literal[] Accesses;

        /// <summary>The filter's number, doubled, and one more when firing is all there is to it.</summary>
        public int Posting;

        public readonly bool IsAlwaysAsked => Accesses.Length == 0 && !ReferenceEquals(Root, Constant.Nothing);

        /// <summary>Fires once a document at most. An array can hold a member twice.</summary>
        public readonly bool IsFoundOnce => Accesses is [] || (Accesses is [var access] && access.Condition is not MemberCondition);
    }
}
