using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Documents;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>Filters by what they want of the elements of an array: an index of its own for each position asked for.</summary>
internal sealed class SelectTable
{
    private readonly Dictionary<double, Position> _positions = [];

    public bool IsEmpty => _positions.Count == 0;

    public void Add(SelectCondition select, int posting)
    {
        if (!_positions.TryGetValue(select.Index, out var position)) _positions.Add(select.Index, position = new Position(select));
        position.Add(select, posting);
    }

    public void Remove(SelectCondition select, int posting)
    {
        var position = _positions[select.Index];
        if (position.Remove(select, posting)) _positions.Remove(select.Index);
    }

    public void Fire(DocumentField field, ExpressionIndex sink)
    {
        foreach (var position in _positions.Values) position.Fire(field, sink);
    }

    private sealed class Position(SelectCondition any)
    {
        private readonly ExpressionIndex _elements = new();
        private readonly Dictionary<(SelectCondition, int), int> _numbers = []; // a filter may select twice
        private readonly Dictionary<int, int> _postings = []; // by number

        public void Add(SelectCondition select, int posting)
        {
            var number = _elements.Add(select.Query);
            _numbers.Add((select, posting), number);
            _postings.Add(number, posting);
        }

        /// <summary>True when nothing is left.</summary>
        public bool Remove(SelectCondition select, int posting)
        {
            _numbers.Remove((select, posting), out var number);
            _postings.Remove(number);
            _elements.Remove(number);
            return _numbers.Count == 0;
        }

        public void Fire(DocumentField field, ExpressionIndex sink)
        {
            if (!any.TryGetElement(field, out var element)) return;

            foreach (var number in _elements.CollectElement(element)) sink.Fire(_postings[number]);
        }
    }
}
