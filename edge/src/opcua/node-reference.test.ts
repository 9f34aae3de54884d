import { expect, test } from 'vitest';
import { resolveNode } from './node-reference.ts';

const NAMESPACES = ['http://opcfoundation.org/UA/', 'urn:server', 'urn:nir', 'urn:a;b%c'];

test('a namespace URI becomes the index that it has on this server', () => {
  expect(resolveNode('nsu=urn:nir;s=Spectrum', NAMESPACES)).toEqual({
    state: 'resolved',
    nodeId: 'ns=2;s=Spectrum',
  });
  expect(resolveNode('nsu=urn:nir;i=85', NAMESPACES.toReversed())).toEqual({
    state: 'resolved',
    nodeId: 'ns=1;i=85',
  });
});

test('an identifier may hold semicolons and equal signs', () => {
  expect(resolveNode('nsu=urn:nir;s="DB";s=x', NAMESPACES)).toEqual({
    state: 'resolved',
    nodeId: 'ns=2;s="DB";s=x',
  });
});

test('escaped characters of a URI are read', () => {
  expect(resolveNode('nsu=urn:a%3Bb%25c;i=1', NAMESPACES)).toEqual({ state: 'resolved', nodeId: 'ns=3;i=1' });
});

test('an index or none passes as it is', () => {
  expect(resolveNode('ns=4;s=Line.Speed', NAMESPACES)).toEqual({
    state: 'resolved',
    nodeId: 'ns=4;s=Line.Speed',
  });
  expect(resolveNode('i=2258', NAMESPACES)).toEqual({ state: 'resolved', nodeId: 'i=2258' });
});

test('a namespace that the server does not have is named', () => {
  expect(resolveNode('nsu=urn:gone;s=X', NAMESPACES)).toEqual({
    state: 'unknown',
    reason: 'the server has no namespace urn:gone',
  });
});

test.each(['', 'Spectrum', 'ns=x;s=a', 'nsu=urn:nir', 'ns=1;q=4'])('«%s» is not a node id', (node) => {
  expect(resolveNode(node, NAMESPACES).state).toBe('unknown');
});
