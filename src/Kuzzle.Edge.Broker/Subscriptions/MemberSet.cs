namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>
/// The members of one filter. Most filters have one, which costs no array; some have thousands, which join and leave in constant time. One writer, many readers:
/// an array only ever gains members behind the last or loses them to null, and is replaced when it must be packed.
/// </summary>
internal struct MemberSet
{
    /// <summary>Null, one <see cref="TreeMember"/>, or a <see cref="Crowd"/>.</summary>
    private object? _members;

    public readonly int Count => _members switch
    {
        null => 0,
        Crowd crowd => crowd.Live,
        _ => 1,
    };

    public void Add(TreeMember member)
    {
        member.Slot = 0;
        switch (_members)
        {
            case null:
                Volatile.Write(ref _members, member);
                break;
            case TreeMember first:
                Volatile.Write(ref _members, new Crowd(first, member));
                break;
            case Crowd crowd:
                if (!crowd.TryAdd(member))
                {
                    crowd = crowd.Packed();
                    _ = crowd.TryAdd(member);
                    Volatile.Write(ref _members, crowd);
                }

                break;
        }
    }

    public void Remove(TreeMember member)
    {
        if (_members is not Crowd crowd)
        {
            Volatile.Write(ref _members, null);
            return;
        }

        crowd.Remove(member);
        if (crowd.Live == 0) Volatile.Write(ref _members, null);
        else if (crowd.IsSparse) Volatile.Write(ref _members, crowd.Packed());
    }

    public readonly void CollectInto(List<TreeMember> matches)
    {
        switch (Volatile.Read(in _members))
        {
            case null: break;
            case TreeMember member: matches.Add(member); break;
            case Crowd crowd: crowd.CollectInto(matches); break;
        }
    }

    private sealed class Crowd
    {
        private readonly TreeMember?[] _items;
        private int _end; // Readers look at the slots below.

        public Crowd(TreeMember first, TreeMember second)
        {
            _items = new TreeMember?[4];
            _ = TryAdd(first);
            _ = TryAdd(second);
        }

        private Crowd(int capacity) => _items = new TreeMember?[capacity];

        public int Live { get; private set; }

        public bool IsSparse => _end > 16 && Live * 4 < _end;

        public bool TryAdd(TreeMember member)
        {
            if (_end == _items.Length) return false;

            member.Slot = _end;
            _items[_end] = member;
            Volatile.Write(ref _end, _end + 1);
            Live++;
            return true;
        }

        public void Remove(TreeMember member)
        {
            Volatile.Write(ref _items[member.Slot], null);
            Live--;
        }

        /// <summary>A copy without gaps and with room for as many again.</summary>
        public Crowd Packed()
        {
            var packed = new Crowd(Math.Max(4, Live * 2));
            foreach (var item in _items.AsSpan(0, _end))
            {
                if (item is not null) _ = packed.TryAdd(item);
            }

            return packed;
        }

        public void CollectInto(List<TreeMember> matches)
        {
            foreach (ref var slot in _items.AsSpan(0, Volatile.Read(ref _end)))
            {
                if (Volatile.Read(ref slot) is { } member) matches.Add(member);
            }
        }
    }
}
