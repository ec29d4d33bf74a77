import ipaddr from 'ipaddr.js';

/** The part of IPv6 from which public addresses are given out. */
const GLOBAL_V6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Whether an IP address is one of the open Internet: not loopback, private, link-local (where clouds keep their
 * metadata), carrier-grade NAT, unique-local, multicast, reserved, or a wrapping of IPv4 (mapped, 6to4, Teredo, NAT64)
 * that could carry one of these. What is not understood is not public.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return false;
  const parsed = ipaddr.parse(bare);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().range() === 'unicast';
  return parsed.range() === 'unicast' && parsed.match(GLOBAL_V6);
}
